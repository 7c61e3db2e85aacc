/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file mei/bus.h
 * The firmware's side of the MEI bus: what a simulated firmware is built on.
 *
 * The embedder names its clients in a table and gives memory; the bus speaks HBM with the host, enumerates the
 * clients, lets applications connect, keeps both sides' credits, puts messages together and takes them apart.
 * Each connection is a `struct sap_transport` (transport.h): CSME's engine runs on that of the WLAN client by
 * a pump, a server (servers.h) on those of others. docs/mei-bus.md leads through it.
 *
 * @code
 * static const struct sap_me_client clients[] = {
 *         {.me_addr = 7, .dma = true,
 *          .properties = {.guid = ..., .protocol_version = 1, .max_connections = 1, .max_msg_length = 128}},
 *         ...
 * };
 *
 * sap_me_bus_config_default(&config);
 * config.clients = clients, config.n_clients = 2;
 * config.memory = memory, config.memory_size = sap_me_bus_memory(&config);
 * status = sap_me_bus_init(&bus, sizeof(bus), &config, now);
 * pump.transport = sap_me_bus_transport(&bus, 0, 0);      // the first connection of the first client
 * status = sap_me_bus_start(&bus, now);
 * for (;;) {
 *         status = sap_me_bus_run(&bus, &port, now);      // the host's frames in
 *         status = sap_pump_run(&pump, now);              // what runs on the connections
 *         status = sap_me_bus_run(&bus, &port, now);      // and theirs out
 *         ...events of the bus and of the engine...
 * }
 * @endcode
 *
 * **It is an engine**, driven like those of engine.h: it never calls a port. It asks for I/O and is told the
 * result; sap_me_bus_run() is that loop for a `struct sap_mei_port`. It has no thread, no clock, and allocates
 * nothing. Time is in milliseconds of any origin; a time before the last one counts as no time passed.
 *
 * **The host is hostile.** Every frame is checked; what does not hold is dropped, counted by its reason
 * (`refused`), and answered with a status where HBM has one. No frame makes the bus wait, loop or grow.
 *
 * **Contexts.** All calls of a bus and of its transports are serialised with each other. None sleeps, waits,
 * or calls back but the tap; any context.
 *
 * Facts: docs/protocol/mei.md section 2, docs/protocol/linux-mei.md.
 */
#ifndef SAP_MEI_BUS_H
#define SAP_MEI_BUS_H

#include <sap/engine.h>
#include <sap/mei/frame.h>
#include <sap/mei/hbm.h>
#include <sap/mei/port.h>
#include <sap/transport.h>

SAP_BEGIN_DECLS

/** Limits. */
enum {
	SAP_ME_CLIENTS = 32,	 /**< Clients in a table. */
	SAP_ME_CONNECTIONS = 64, /**< Connections of all of them. */
	SAP_ME_EVENTS = 32,	 /**< Events that can wait to be fetched. */
	SAP_ME_REPLIES = 8,	 /**< Answers that can wait to be sent. */
	SAP_ME_DMA_SIZES = 4,	 /**< Sizes of memory that are accepted. */
	SAP_ME_CREDITS = 255,	 /**< Credits of a host for one connection that are counted. */
};

/** One client of the embedder. */
struct sap_me_client {
	/**
	 * What it is: as the host is told it. `max_connections` is 1 or more, or 0 for a client of a fixed
	 * address (`fixed_address` not 0), which has just one transport. `max_msg_length` is 1 or more.
	 */
	struct sap_hbm_properties properties;
	uint8_t me_addr; /**< Its address, 1 to 255; no two the same. */
	bool later;	 /**< It is not there at the start: see sap_me_bus_add(). */
	bool dma;	 /**< The memory that the host maps is for its connections: the WLAN client's. */
};

/** A function that sees each frame that goes out or comes in. Optional. As sap_tap; carriers are HBM's. */
struct sap_mei_tap {
	/** Called with a frame, valid during the call; it must not call back. Null: nobody looks. */
	void (*see)(void *self, uint64_t now, enum sap_direction to, const uint8_t *frame, uint32_t len);
	void *self; /**< Its own. */
};

/** Settings. Times in ms. Start from sap_me_bus_config_default(). */
struct sap_me_bus_config {
	const struct sap_me_client *clients; /**< The clients; must outlive the bus. */
	uint32_t n_clients;		     /**< 1 to #SAP_ME_CLIENTS. */
	void *memory;	       /**< Where messages wait; sap_me_bus_memory() bytes; must outlive the bus. */
	uint32_t memory_size;  /**< Bytes there. */
	uint8_t major;	       /**< The newest version of HBM: 2.2. Also sensible: 2.1, 2.0, 1.1. */
	uint8_t minor;	       /**< Its minor part. */
	uint32_t capabilities; /**< enum sap_hbm_capability that a host gets if it asks. Both. */
	/** Sizes of memory that a client DMA map may have; 0: unused. 172032 and 139264, those of SAP. */
	uint32_t dma_sizes[SAP_ME_DMA_SIZES];
	uint32_t frame_size; /**< Longest frame that is sent, 44 to 515; 512. */
	uint32_t again_ms;   /**< I/O that said #SAP_AGAIN is asked for again after so long. 1 or more; 10. */
	uint32_t handover_ms;	/**< How long a host waits at most for a connection or memory whose last user
				   has yet to let go of it; ours. 2000. */
	uint32_t leave_ms;	/**< How long a host has to answer a disconnect of ours; ours. 2000. */
	struct sap_mei_tap tap; /**< Who sees the frames. */
};

/** Sets every member to its default: no clients, no memory, HBM 2.2 with everything. */
SAP_API void sap_me_bus_config_default(struct sap_me_bus_config *config);

/**
 * Bytes of memory that a bus with these clients needs: two messages for each connection. 0 if the table does
 * not hold, or needs more than 4 GiB.
 */
SAP_API uint32_t sap_me_bus_memory(const struct sap_me_bus_config *config);

/** What the bus may want done. */
enum sap_me_io_op {
	SAP_ME_IO_NONE = 0,  /**< Nothing. */
	SAP_ME_IO_READY,     /**< Port: `ready(true)`. */
	SAP_ME_IO_NOT_READY, /**< Port: `ready(false)`. */
	SAP_ME_IO_SEND,	     /**< Port: `send` the request's frame. */
	SAP_ME_IO_MAP,	     /**< Port: `map`. Put the result in its `mem`. */
	SAP_ME_IO_UNMAP,     /**< Port: `unmap`. */
};

/** One request. One is outstanding at a time. Hand it back as it is, with the result. */
struct sap_me_io {
	enum sap_me_io_op op;		  /**< What to do. */
	uint32_t generation;		  /**< Which life of the bus it belongs to. */
	uint64_t address;		  /**< MAP: the bus address. */
	uint32_t size;			  /**< MAP: bytes. */
	struct sap_mem mem;		  /**< MAP: what came of it, filled in by who did it. */
	uint32_t len;			  /**< SEND: bytes of the frame. */
	uint8_t frame[SAP_MEI_FRAME_MAX]; /**< SEND: the frame. */
};

/** How far the bus is. */
enum sap_me_phase {
	SAP_ME_OFF = 0,	   /**< The firmware is not there. */
	SAP_ME_READY,	   /**< It is, and waits for the host to begin. */
	SAP_ME_STARTED,	   /**< HBM has begun. */
	SAP_ME_ENUMERATED, /**< The host knows the clients. */
	SAP_ME_STOPPED,	   /**< The host said HOST_STOP; it will reset. */
};

/** Why something of the host's was refused. */
enum sap_me_refusal {
	SAP_ME_BAD_FRAME = 0, /**< A frame whose header or length does not hold. */
	SAP_ME_BAD_RING,      /**< A frame by DMA ring, or with an unknown extended header. */
	SAP_ME_BAD_TAG,	  /**< A tag to a client that takes none, or on HBM, or another one in the middle. */
	SAP_ME_HBM_SHORT, /**< An HBM message that is too short, or in pieces. */
	SAP_ME_HBM_UNKNOWN,   /**< A command in no table, or one that a host does not say. */
	SAP_ME_HBM_EARLY,     /**< A command before HOST_START, or after HOST_STOP. */
	SAP_ME_HBM_OLD,	      /**< A command that the version agreed on does not have. */
	SAP_ME_HBM_ANSWER,    /**< An answer to nothing. */
	SAP_ME_NO_CLIENT,     /**< No client has that address. */
	SAP_ME_NO_CONNECTION, /**< No application of that address is connected to it. */
	SAP_ME_BAD_ADDRESS,   /**< A connection from 0, or anything of one to a client of a fixed address. */
	SAP_ME_TWICE,	      /**< A connection that is there already. */
	SAP_ME_FULL,	      /**< All connections of the client are taken. */
	SAP_ME_NO_CREDIT,     /**< A message that no credit was given for, or whose buffer is full. */
	SAP_ME_TOO_LONG,      /**< A message longer than the client takes. */
	SAP_ME_DMA,	      /**< A client DMA map or unmap, or a DMA setup. */
	SAP_ME_REFUSALS,      /**< How many reasons there are. */
};

/** The name of a reason ("NO_CREDIT"), or "?". Constant. */
SAP_API const char *sap_me_refusal_name(enum sap_me_refusal refusal);

/** Counters. They wrap around and are kept over resets. */
struct sap_me_counters {
	uint32_t frames_in;    /**< Frames that came. */
	uint32_t frames_out;   /**< Frames that went out. */
	uint32_t messages_in;  /**< Messages of applications that came whole. */
	uint32_t messages_out; /**< Messages of clients that went out whole. */
	uint32_t starts;       /**< Times HBM began. */
	uint32_t resets;       /**< Times the host reset the device. */
	uint32_t connects;     /**< Connections that were made. */
	uint32_t late;	       /**< Frames for a connection that was just ended by us; dropped. */
	uint32_t unanswered;   /**< Disconnects of ours that a host did not answer in time. */
	uint32_t lost;	       /**< Messages, either way, that a connection's end overtook. */
	uint32_t
		empty_unmaps; /**< Unmaps of memory that was not mapped; answered with success, as a host needs
				      it after a firmware's rebirth. */
	uint32_t late_io;     /**< Results of I/O that nobody waited for any more. */
	uint32_t events_lost; /**< Events that found no room. Stays 0, or the library is wrong. */
	uint32_t refused[SAP_ME_REFUSALS]; /**< What was refused, by enum sap_me_refusal. */
};

/** What happened. */
enum sap_me_event_type {
	SAP_ME_EVENT_STARTED = 1, /**< HBM began: `major`, `minor` agreed on. */
	SAP_ME_EVENT_ENUMERATED,  /**< The host asked for the clients. */
	SAP_ME_EVENT_RESET,	  /**< The host reset the device, or began anew: every connection ended. */
	SAP_ME_EVENT_STOPPED,	/**< The host said HOST_STOP: every connection ended; `value`: the reason. */
	SAP_ME_EVENT_GONE,	/**< The port is closed: the bus is off. */
	SAP_ME_EVENT_CONNECTED, /**< An application connected: `client`, `nth`, `host_addr`. */
	SAP_ME_EVENT_DISCONNECTED, /**< And left: the same. */
	SAP_ME_EVENT_NOTIFY,	   /**< It wants notifications (`value` not 0), or no more. */
	SAP_ME_EVENT_ADDED,	   /**< The host was told of a client added later: `client`; `value`: its
					enum sap_hbm_status. */
	SAP_ME_EVENT_MAPPED,	   /**< Memory of the host is mapped: `value` bytes. */
	SAP_ME_EVENT_UNMAPPED,	   /**< It is not any more. */
	SAP_ME_EVENT_ASLEEP,	   /**< The power gate closed (`value` not 0), or opened. */
};

/** One event. */
struct sap_me_event {
	enum sap_me_event_type type; /**< What happened; says which members below hold. */
	uint8_t major;		     /**< STARTED. */
	uint8_t minor;		     /**< STARTED. */
	uint8_t client;		     /**< Which of the table. */
	uint8_t nth;		     /**< Which connection of it. */
	uint8_t host_addr;	     /**< The application. */
	uint32_t value;		     /**< As said above. */
};

/** A connection, for who looks at it. */
struct sap_me_look {
	bool connected;	   /**< An application is there. */
	bool served;	   /**< The embedder's end knows of it. */
	uint8_t host_addr; /**< The application. */
	bool notify;	   /**< It wants notifications. */
	uint32_t credits;  /**< Messages that the host may be sent. */
	uint32_t waiting;  /**< Bytes of a message that came, or is coming. */
};

/** What the bus knows of a client. Private; plain data. */
struct sap_me_client_state {
	/** @cond internal */
	uint8_t first;	  /* of its connections */
	uint8_t n;	  /* how many */
	bool present;	  /* there, and to be enumerated */
	bool told;	  /* the host knows it */
	bool told_late;	  /* by ADD_CLIENT, which was not answered yet */
	bool granted;	  /* single_recv_buf: the host has the credit */
	uint8_t doubtful; /* and may still have these, of applications before */
			  /** @endcond */
};

/** What the bus knows of a connection. Private; plain data. */
struct sap_me_connection {
	/** @cond internal */
	uint64_t until;	     /* our disconnect must be answered until then */
	uint64_t next_until; /* and the slot handed over */
	uint32_t at;	     /* offset of its memory */
	uint32_t in_len;     /* bytes that came of a message */
	uint32_t out_len;    /* bytes of the one that goes out */
	uint32_t out_at;     /* and how many of them went */
	uint8_t client;
	uint8_t host;	/* enum: how the host's end is */
	uint8_t server; /* enum: how the embedder's end is */
	uint8_t host_addr;
	uint8_t next;	 /* an application that waits for this slot; 0: none */
	uint8_t credits; /* of the host */
	uint8_t in_vtag, out_vtag;
	bool owes_connected;  /* CONNECT_RESPONSE, since the slot was handed over */
	bool owes_disconnect; /* DISCONNECT, not asked for yet */
	bool granted;	      /* the host has a credit of ours */
	bool in_some, in_done, in_tagged;
	bool skip;	   /* the rest of a message is thrown away */
	bool skip_granted; /* which used up a credit */
	bool out_some, out_begun, out_tagged;
	bool adopted; /* it uses the memory */
	bool notify, owes_notification;
	/** @endcond */
};

/** What the bus knows of the host's memory. Private; plain data. */
struct sap_me_dma_state {
	/** @cond internal */
	uint64_t address, next_address, until;
	uint32_t size, next_size; /* a map request that waits; 0: none */
	uint8_t phase;
	bool stale;   /* from before the last reset */
	bool closing; /* to be given up as soon as nobody uses it */
	bool answer;  /* the host waits for the answer to its unmap */
	bool owes_map, owes_unmap;
	uint8_t map_status;
	/** @endcond */
};

/** Everything the bus knows. Private; plain data, without pointers. */
struct sap_me_state {
	/** @cond internal */
	uint64_t now, retry_at;
	uint32_t generation;
	uint32_t capabilities; /* granted */
	uint32_t turn;	       /* whose message goes next */
	uint8_t phase;
	uint8_t flying; /* enum sap_me_io_op that is outstanding, or is to be asked for again */
	bool asked;	/* it is outstanding */
	bool owes_ready, owes_not_ready, owes_stop;
	uint8_t stop_reason;
	bool stop_asked; /* ME_STOP went out */
	bool allow_add;
	bool asleep, waking, owes_wake;
	uint8_t major, minor;
	uint8_t n_connections;
	struct sap_me_client_state client[SAP_ME_CLIENTS];
	struct sap_me_connection connection[SAP_ME_CONNECTIONS];
	struct sap_me_dma_state dma;
	struct sap_me_counters counters;
	struct sap_me_event event[SAP_ME_EVENTS];
	uint32_t event_at, events;
	struct sap_hbm_message reply[SAP_ME_REPLIES];
	struct sap_me_io io; /* what is outstanding, kept to be asked for again */
	uint32_t reply_at, replies;
	/** @endcond */
};

struct sap_me_bus;

/** What a transport of a bus works on. Private. */
struct sap_me_self {
	/** @cond internal */
	struct sap_me_bus *bus;
	uint32_t connection;
	/** @endcond */
};

/** A bus. It must stay where it was initialised as long as a transport of it is in use. At most 16 KiB. */
struct sap_me_bus {
	struct sap_me_state state; /**< What it knows. */
	/** @cond internal */
	struct sap_me_bus_config config;
	struct sap_mem window;
	struct sap_me_self self[SAP_ME_CONNECTIONS];
	bool busy; /* the last run stopped at its limit */
		   /** @endcond */
};

/**
 * Makes a bus: off, nothing connected, counters 0.
 *
 * @param bus    The bus. What was in it is forgotten.
 * @param size   `sizeof(struct sap_me_bus)`, so that a library of another version notices.
 * @param config Its settings; copied. Table and memory stay the caller's.
 * @param now    The time.
 *
 * @retval SAP_OK        Ready to be started.
 * @retval SAP_TOO_SMALL @p size is not that of this library's struct, or the memory is less than
 *                       sap_me_bus_memory().
 * @retval SAP_BAD_VALUE A setting is out of its range; the table has no client or too many, an address twice or
 *                       0, too many connections, or properties that cannot be.
 * @retval SAP_INVALID   An argument is null, or the table or the memory is.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_init(struct sap_me_bus *bus, size_t size,
						       const struct sap_me_bus_config *config, uint64_t now);

/** The firmware comes to life: tells the host that it is ready. @retval SAP_WRONG_STATE It is alive. */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_start(struct sap_me_bus *bus, uint64_t now);

/**
 * The firmware dies: not ready, every connection ends, memory is given up as soon as nobody uses it. It may be
 * started again. @retval SAP_WRONG_STATE It is not alive.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_stop(struct sap_me_bus *bus, uint64_t now);

/**
 * Asks the host to stop (ME_STOP): event #SAP_ME_EVENT_STOPPED as it did, then it resets.
 *
 * @retval SAP_OK          Asked for.
 * @retval SAP_WRONG_STATE HBM has not begun.
 * @retval SAP_BUSY        It is asked already.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_ask_stop(struct sap_me_bus *bus,
							   enum sap_hbm_stop_reason reason, uint64_t now);

/** The next request, if there is one; then it is outstanding until sap_me_bus_io_done(). */
SAP_API SAP_MUST_CHECK bool sap_me_bus_next_io(struct sap_me_bus *bus, struct sap_me_io *io);

/**
 * What came of a request. #SAP_AGAIN: it is asked for again after `again_ms`. Another failure of READY or SEND
 * is as sap_me_bus_gone(), of MAP the host is told, of the others it is as success.
 *
 * @retval SAP_OK          Noted.
 * @retval SAP_WRONG_STATE Nobody waited for it: counted.
 * @retval SAP_INVALID     An argument is null.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_io_done(struct sap_me_bus *bus, const struct sap_me_io *io,
							  enum sap_status status, uint64_t now);

/** Whether something that came may be brought: there is room for what it could yield. Fetch events otherwise. */
SAP_API bool sap_me_bus_wants_input(const struct sap_me_bus *bus);

/**
 * Something came from the host.
 *
 * @param bus   The bus.
 * @param what  What.
 * @param frame A frame; else not looked at. Read once, not kept.
 * @param len   Its bytes.
 * @param now   The time.
 *
 * @retval SAP_OK          Taken. A frame that was refused is counted.
 * @retval SAP_AGAIN       There is no room for what it could yield: nothing was taken.
 * @retval SAP_WRONG_STATE The bus is off: dropped.
 * @retval SAP_INVALID     @p bus is null, or @p frame is, of a frame.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_input(struct sap_me_bus *bus, enum sap_mei_input what,
							const uint8_t *frame, size_t len, uint64_t now);

/** The port is closed, for good: as the firmware's death, but nobody is told. Event #SAP_ME_EVENT_GONE. */
SAP_API void sap_me_bus_gone(struct sap_me_bus *bus, uint64_t now);

/** Lets time pass. */
SAP_API void sap_me_bus_tick(struct sap_me_bus *bus, uint64_t now);

/** When to call sap_me_bus_run(), or tick and next_io, if nothing comes before; #SAP_NEVER if it need not be. */
SAP_API uint64_t sap_me_bus_deadline(const struct sap_me_bus *bus);

/** The next event. False if there is none. */
SAP_API SAP_MUST_CHECK bool sap_me_bus_next_event(struct sap_me_bus *bus, struct sap_me_event *event);

/**
 * Does everything that can be done now on a port: requests, what came, what is due.
 *
 * One call handles at most 1,000 steps, so that a host cannot hold it; then sap_me_bus_deadline() is 0.
 *
 * @retval SAP_OK      Done.
 * @retval SAP_INVALID An argument is null, or the port has no operations.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_run(struct sap_me_bus *bus, const struct sap_mei_port *port,
						      uint64_t now);

/**
 * The transport of one connection; valid as long as the bus is, and may be asked for again and again.
 *
 * Its operations answer as transport.h says, in CSME's role. Beyond that:
 *
 * - `connect`: #SAP_OK as an application came; of a client of a fixed address, as HBM began.
 * - `send`: takes one message at a time, of 0 to `max_msg_length` bytes; #SAP_AGAIN until the last one is out. An
 *   answer carries the tag of the message that was received last. #SAP_INVALID for null with a length.
 * - `recv`: holds one message. The host gets its next credit as it was taken.
 * - `map`: of a client with `dma`, the memory that the host mapped; of others #SAP_UNSUPPORTED.
 * - `disconnect`: the application is told, if it had not left. What was not sent is lost.
 * - `unmap`: the host's unmap is answered as its last user did this.
 *
 * @param bus    The bus.
 * @param client Which client of the table.
 * @param nth    Which connection of it: 0 to `max_connections` - 1.
 *
 * @return It. If there is no such connection, its `ops` are null.
 */
SAP_API struct sap_transport sap_me_bus_transport(struct sap_me_bus *bus, uint32_t client, uint32_t nth);

/** How a connection is. False if there is none such. */
SAP_API bool sap_me_bus_look(const struct sap_me_bus *bus, uint32_t client, uint32_t nth,
			     struct sap_me_look *look);

/**
 * A client comes that was `later`, or was removed: the host is told (ADD_CLIENT), or will find it as it
 * enumerates. A host that did not allow it is not told.
 *
 * @retval SAP_OK          It is there.
 * @retval SAP_WRONG_STATE It was there.
 * @retval SAP_INVALID     There is no such client.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_add(struct sap_me_bus *bus, uint32_t client, uint64_t now);

/**
 * A client goes: its connections are ended, and new ones refused. HBM has no word for it.
 *
 * @retval SAP_OK          It is gone.
 * @retval SAP_WRONG_STATE It was not there.
 * @retval SAP_INVALID     There is no such client.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_remove(struct sap_me_bus *bus, uint32_t client,
							 uint64_t now);

/**
 * Notifies the application of a connection of an event.
 *
 * @retval SAP_OK          It is told, once for all calls until then.
 * @retval SAP_UNSUPPORTED It does not want notifications.
 * @retval SAP_CLOSED      There is no application.
 * @retval SAP_INVALID     There is no such connection.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_me_bus_notify(struct sap_me_bus *bus, uint32_t client,
							 uint32_t nth);

/** The phase. */
SAP_API enum sap_me_phase sap_me_bus_phase(const struct sap_me_bus *bus);

/** The counters. */
SAP_API const struct sap_me_counters *sap_me_bus_counters(const struct sap_me_bus *bus);

SAP_END_DECLS

#endif
