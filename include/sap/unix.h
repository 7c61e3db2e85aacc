/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file unix.h
 * A host and a CSME as two processes: a UNIX socket for ME messages, and memory that goes along with it.
 *
 * CSME listens at a path, hosts connect to it, one at a time. The host makes the memory, seals it so that it
 * can neither shrink nor grow, and passes it over the socket; CSME looks before it maps: memory that could
 * shrink under a reader would kill it.
 *
 * What goes over the socket is the framing of "mei_sim", so that a user-mode-Linux build of the Linux driver
 * can be the host: docs/unix-transport.md describes every byte, and the one thing that is ours.
 *
 * @code
 * struct sap_unix u;
 * struct sap_unix_config config;
 *
 * sap_unix_config_default(&config);
 * config.role = SAP_ROLE_HOST;
 * config.path = "/run/csme";
 * status = sap_unix_open(&u, sizeof(u), &config);
 * pump.transport = sap_unix_transport(&u);
 * for (;;) {
 *         struct pollfd fds[SAP_UNIX_FDS];
 *
 *         sap_unix_run(&u);
 *         status = sap_pump_run(&pump, now());
 *         ...events...
 *         poll(fds, sap_unix_poll(&u, fds), until(sap_pump_deadline(&pump)));
 * }
 * @endcode
 *
 * **Not freestanding.** This backend needs Linux (memfd, seals) and a C library; it allocates nothing, starts no
 * thread, and installs no signal handler (SIGPIPE never comes of it). It is built where it can be, and is not
 * part of `sap/sap.h`.
 *
 * **Contexts.** One process, all calls serialised. No call waits, but for what sap_unix_open() says. Not for
 * signal handlers.
 *
 * **Reconnecting.** A connection that ended is one call of `disconnect` away from the next one. How long to wait
 * before a host tries again is for whoever starts its engine: the `sap host` command doubles from 100 ms to 5 s.
 *
 * Facts: docs/protocol/sap.md section 11 (the framing), sections 3 and 8 (the memory, and its order).
 */
#ifndef SAP_UNIX_H
#define SAP_UNIX_H

#include <poll.h>

#include <sap/transport.h>
#include <sap/wire.h>

SAP_BEGIN_DECLS

enum {
	SAP_UNIX_MESSAGE = 100, /**< Bytes of the longest message: the framing's limit. */
	/** Messages that may be under way in a direction without an acknowledgement; and that wait to be fetched. */
	SAP_UNIX_DEPTH = 8,
	SAP_UNIX_PATH = 108, /**< Bytes of the longest path, its end included: the system's limit. */
	SAP_UNIX_FDS = 2,    /**< Descriptors that sap_unix_poll() gives at most. */
};

/** What went wrong last. The transport's operations answer with a status; this tells a person why. */
enum sap_unix_problem {
	SAP_UNIX_FINE = 0,  /**< Nothing. */
	SAP_UNIX_NOBODY,    /**< Host: there is no socket at the path. */
	SAP_UNIX_STALE,	    /**< Host: a socket is there, but nobody listens: CSME's process is gone. */
	SAP_UNIX_NO_SOCKET, /**< What is at the path is no socket. */
	SAP_UNIX_DENIED,    /**< The path's permissions forbid it. */
	SAP_UNIX_TAKEN,	    /**< Host: CSME has a host already. */
	SAP_UNIX_LISTENED,  /**< CSME: another process listens at the path. */
	SAP_UNIX_WENT,	    /**< The peer closed the connection, or died. */
	SAP_UNIX_HALF,	    /**< It did so in the middle of a message, which is lost. */
	SAP_UNIX_LANGUAGE,  /**< The peer speaks another language: a frame of more than 100 bytes, an
				       acknowledgement of nothing, a descriptor where none belongs. */
	SAP_UNIX_UNSEALED,  /**< The memory could shrink. */
	SAP_UNIX_SHORT,	    /**< The memory is shorter than was said. */
	SAP_UNIX_LARGE,	    /**< The memory is larger than CSME accepts. */
	SAP_UNIX_NO_MEMORY, /**< What was passed is no memory that can be mapped and written. */
	SAP_UNIX_SYSTEM,    /**< A system call failed: `error` says why. */
};

/** The last problem, for people. */
struct sap_unix_trouble {
	enum sap_unix_problem problem; /**< What. */
	int error;		       /**< errno of the system call that told; 0 if none did. */
	const char *text; /**< Cause and remedy, a line; of #SAP_UNIX_SYSTEM `error` says more. Constant. */
};

/** What happened on one end. They wrap around and are kept over connections. */
struct sap_unix_counters {
	uint32_t connections;  /**< Peers that came, or that were reached. */
	uint32_t sent;	       /**< Messages that were taken. */
	uint32_t received;     /**< Messages given out. */
	uint32_t full;	       /**< Messages not taken since too many were under way. */
	uint32_t too_long;     /**< Messages dropped since the caller's buffer was too short. */
	uint32_t lost;	       /**< Messages that came, and were not fetched before `disconnect`; or whose
			            sender went before anybody asked for a connection. */
	uint32_t halves;       /**< Messages whose sender went in the middle of them. */
	uint32_t turned_away;  /**< CSME: peers that came while there was one. */
	uint32_t nonsense;     /**< Connections ended since the peer spoke another language. */
	uint32_t maps_refused; /**< CSME: memory that was refused. Host: refusals that came, also of itself
				    (#SAP_UNIX_TAKEN). */
};

/** Settings. Start from sap_unix_config_default(). */
struct sap_unix_config {
	enum sap_role role; /**< CSME listens, a host connects. Host. */
	/**
	 * Where. Copied; at most #SAP_UNIX_PATH bytes with its end. A first character `@` makes it a name in
	 * Linux's abstract space: no file, and no permissions. A relative path is relative to the working
	 * directory at each use. CSME replaces a socket that nobody listens at.
	 */
	const char *path;
	uint32_t mode;	  /**< CSME: permissions of the socket's file. 0600. */
	uint32_t largest; /**< CSME: memory of more bytes is refused, as by older firmware. 16 MiB. */
	/** CSME: take memory that is not sealed, which lets the host kill this process. User-mode Linux needs it. Off. */
	bool unsealed;
	/** Host: there shall be no memory: `map` says #SAP_UNSUPPORTED, as in user space on /dev/mei. Off. */
	bool no_map;
};

/** A message that came and waits to be fetched. */
struct sap_unix_message {
	uint32_t len;			 /**< Its bytes. */
	uint8_t bytes[SAP_UNIX_MESSAGE]; /**< It. */
};

/** One end. The caller's memory; it must stay where it is from open to close. */
struct sap_unix {
	struct sap_unix_counters counters; /**< For reading. */
	/** @cond internal */
	struct sap_unix_config config;
	char path[SAP_UNIX_PATH];
	struct sap_unix_trouble why;
	bool opened;
	int listener;	       /* CSME: where peers come; -1 */
	int peer;	       /* the connection; -1 */
	int memory;	       /* host: what was made; CSME: what the peer offered; -1 */
	uint64_t device, file; /* CSME: which file is our socket's, so that only that is removed */
	uint8_t phase;
	bool wanted; /* CSME: the engine waits for a peer */
	bool heard;  /* a frame came from this peer */
	bool broken; /* nothing can be written any more; what came before is still read */
	bool dry;    /* all that the peer sent so far was read */

	void *base; /* what is mapped, and how much */
	uint32_t size;
	uint8_t offer;	  /* host: how far the memory is known to this peer */
	bool given;	  /* host: `map` said OK */
	bool current;	  /* CSME: what is mapped is what this peer offered last */
	uint32_t offered; /* CSME: bytes of `memory`, from `offset` on */
	uint64_t offset;
	uint32_t ahead; /* host: acknowledgements until that of the offer, itself included */

	uint32_t unacknowledged; /* frames that we sent */
	uint32_t owed;		 /* acknowledgements that the peer waits for */
	uint32_t in_len, out_at, out_len;
	uint8_t in[4 + SAP_UNIX_MESSAGE];
	uint8_t out[4 + SAP_UNIX_MESSAGE];
	int in_memory;	 /* a descriptor that came along with the frame in `in`; -1 */
	bool in_strange; /* more than one came, or not all could be taken */
	bool out_memory; /* ours goes along with the first byte of `out` */
	uint32_t first, count;
	struct sap_unix_message queue[SAP_UNIX_DEPTH];
	/** @endcond */
};

/** Fills in the defaults: a host, without a path. Nothing if @p config is null. */
SAP_API void sap_unix_config_default(struct sap_unix_config *config);

/**
 * Makes an end. CSME listens from now on; a host does nothing yet.
 *
 * For as long as another CSME begins to listen in the same folder this waits: two that start at once must
 * not both take a socket for stale. That is a matter of microseconds; the lock is flock() of the folder.
 *
 * @param u      The end. What was in it is forgotten.
 * @param size   `sizeof(struct sap_unix)`, so that a library of another version notices.
 * @param config Settings; copied.
 *
 * @retval SAP_OK        Ready. sap_unix_close() follows.
 * @retval SAP_TOO_SMALL @p size is less than that of this library's struct.
 * @retval SAP_BAD_VALUE There is no path, or it is too long, or a setting is out of its range.
 * @retval SAP_BUSY      CSME: another process listens at the path.
 * @retval SAP_IO        CSME: the socket cannot be made; sap_unix_why() tells.
 * @retval SAP_INVALID   @p u or @p config is null.
 *
 * After any failure but SAP_TOO_SMALL and SAP_INVALID sap_unix_why() can be asked, and nothing is held.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_unix_open(struct sap_unix *u, size_t size,
						     const struct sap_unix_config *config);

/** Gives everything back: descriptors, memory, the socket's file. May be repeated. Null: nothing. */
SAP_API void sap_unix_close(struct sap_unix *u);

/** The transport of this end; valid until sap_unix_close(). If @p u is null its `ops` are null. */
SAP_API struct sap_transport sap_unix_transport(struct sap_unix *u);

/**
 * Does what can be done without the engine: takes peers, reads what came, acknowledges, writes what could not
 * be written before. The operations of the transport do this first, but an engine that waits for its time
 * calls none: call it whenever poll() returned, or what came makes the next poll() return at once.
 *
 * A host's `map` waits for CSME's process to do so, whether its engine asked for a connection or not.
 */
SAP_API void sap_unix_run(struct sap_unix *u);

/**
 * What to poll for.
 *
 * @param u   The end.
 * @param fds Filled in.
 *
 * @return How many; 0 to #SAP_UNIX_FDS.
 */
SAP_API uint32_t sap_unix_poll(const struct sap_unix *u, struct pollfd fds[SAP_UNIX_FDS]);

/** The name of @p problem without its prefix ("NOBODY"), or "?" for a number that is no problem. Constant. */
SAP_API const char *sap_unix_problem_name(enum sap_unix_problem problem);

/** What went wrong last, until a connection comes about. */
SAP_API struct sap_unix_trouble sap_unix_why(const struct sap_unix *u);

SAP_END_DECLS

#endif
