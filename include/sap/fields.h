/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file fields.h
 * What the library knows of every message, as data: names, sizes, fields, and a visitor that walks a
 * message's bytes field by field.
 *
 * Printers, JSON, dissectors, fuzzers and tables are made from this, so none of them lists messages
 * itself. A visitor walks bytes, not values: it shows reserved fields and trailing bytes too, and what it
 * shows can be written back (sap_field_store()).
 *
 * @code
 * struct sap_visitor v;
 * struct sap_item item;
 *
 * sap_visitor_init(&v, sap_message_info(SAP_NIC_INFO), payload, len);
 * while (sap_visitor_next(&v, &item))
 *         if (item.step == SAP_STEP_VALUE)
 *                 printf("%s at byte %u\n", item.field->name, item.offset);
 * @endcode
 *
 * All calls are pure: any context, any number of threads; what they return is constant.
 */
#ifndef SAP_FIELDS_H
#define SAP_FIELDS_H

#include <sap/status.h>
#include <sap/types.h>
#include <sap/wire.h>

SAP_BEGIN_DECLS

/** How a field's bytes are to be read. */
enum sap_field_kind {
	SAP_FIELD_UINT = 1, /**< An unsigned number, little-endian, of 1, 2, 3, 4 or 8 bytes. */
	SAP_FIELD_UINT_BE,  /**< An unsigned number, big-endian, of 2 or 4 bytes. */
	SAP_FIELD_BYTES,    /**< So many bytes. */
	SAP_FIELD_REST,	    /**< All bytes to the end of the payload; may be none. */
	SAP_FIELD_LIMITED,  /**< As REST, but no more than the number just before it says. */
	SAP_FIELD_RESERVED, /**< Bytes that are zero today. */
	SAP_FIELD_STRUCT,   /**< Further fields. */
};

/** How a field is best shown to people. */
enum sap_field_show {
	SAP_SHOW_DEC = 1,  /**< A decimal number. */
	SAP_SHOW_HEX,	   /**< A hexadecimal number, or bytes. */
	SAP_SHOW_BOOL,	   /**< No if 0, else yes. */
	SAP_SHOW_ENUM,	   /**< One of #sap_field.names. */
	SAP_SHOW_FLAGS,	   /**< Bits with #sap_field.names. */
	SAP_SHOW_MAC,	   /**< A MAC address. */
	SAP_SHOW_IPV4,	   /**< An IPv4 address. */
	SAP_SHOW_SSID,	   /**< Bytes that are often text; sap_item::used tells how many count. */
	SAP_SHOW_COUNTRY,  /**< Two letters, the first in the upper byte. */
	SAP_SHOW_VLAN,	   /**< A VLAN id, and bit 15 for enabled. */
	SAP_SHOW_VERSIONS, /**< A list of small numbers that a zero ends. */
	SAP_SHOW_FRAME,	   /**< An Ethernet frame. */
	SAP_SHOW_GUID,	   /**< A GUID (guid.h). */
	SAP_SHOW_TEXT,	   /**< Bytes that are text; zeroes at the end are not counted in sap_item::used. */
	SAP_SHOW_SECRET, /**< Not to be shown: sap_item::bytes is null, and the size is all there is to tell. */
};

/** A number with a name: one value of an enumeration, or one bit of a set of flags. */
struct sap_name {
	uint32_t value;	  /**< The value, or the bit (1, 2, 4, ...). */
	const char *name; /**< In the field's terms, upper case ("CCMP"). */
};

/** A list of them. */
struct sap_names {
	const struct sap_name *list; /**< In ascending order of the value. */
	uint32_t count;		     /**< How many. */
};

/**
 * One field of a message, or of a structure in it.
 *
 * Fields lie one after another without gaps: each starts where the one before it ends.
 */
struct sap_field {
	const char *name;	  /**< Lower case ("link_prot_state"). Stable. */
	enum sap_field_kind kind; /**< How to read it. */
	uint16_t size;		  /**< Bytes of one element; 0 if only the message tells. */
	uint16_t count;		  /**< Elements; 1 unless it is an array, 0 if only the message tells. */
	bool array;		  /**< Whether it is an array. */
	bool counted;		  /**< Of an array whose count is 0: the number just before it tells; else
					    there are as many as there is room for. */
	enum sap_field_show show; /**< How to show it. */
	const struct sap_names *names; /**< Of the enumeration or the flags; else null. */
	const struct sap_field *sub;   /**< Fields of a #SAP_FIELD_STRUCT; else null. */
	uint32_t n_sub;		       /**< How many. */
};

/** One message, as declared. */
struct sap_message_info {
	uint32_t type;		      /**< enum sap_type or enum sap_me_type; of the MEI bus: its command. */
	const char *name;	      /**< As in the protocol notes ("AMT_STATE"). */
	const char *meaning;	      /**< One clause for people. */
	enum sap_direction direction; /**< Who writes it. */
	enum sap_carrier carrier;     /**< What it travels in. */
	uint32_t least;		      /**< Least size of the payload, in bytes; longer ones are taken. */
	const struct sap_field *fields; /**< Its fields, in the order of their bytes; null if it has none. */
	uint32_t n_fields;		/**< How many. */
};

/** The SAP message of @p type, or null if it is in no table. */
SAP_API const struct sap_message_info *sap_message_info(uint32_t type);

/** The ME message of @p type, or null if it is in no table. */
SAP_API const struct sap_message_info *sap_me_info(uint32_t type);

/** The SAP or ME message of that name, upper case ("AMT_STATE"); or null. */
SAP_API const struct sap_message_info *sap_info_by_name(const char *name);

/** All messages, ME first and then by number: ask from 0 up until it gives null. */
SAP_API const struct sap_message_info *sap_info_at(uint32_t index);

/** The name of @p value in @p names, or null. */
SAP_API const char *sap_name_of(const struct sap_names *names, uint32_t value);

/** What a visitor came to. */
enum sap_step {
	SAP_STEP_VALUE = 1,   /**< A number or bytes. */
	SAP_STEP_OPEN_ARRAY,  /**< Elements follow, up to the matching close. */
	SAP_STEP_OPEN_STRUCT, /**< Fields follow, up to the matching close. */
	SAP_STEP_CLOSE,	      /**< The array or structure opened last ends. */
};

/** One step of a visitor. */
struct sap_item {
	enum sap_step step;	       /**< What it came to. */
	const struct sap_field *field; /**< Which field; in an array, the array's. */
	uint32_t index;		       /**< Which element of an array; else 0. */
	bool element;		       /**< It is an element of an array, and so has no name of its own. */
	uint32_t offset;	       /**< First byte, from the start of the payload. */
	uint32_t size;		       /**< How many bytes. */
	uint64_t value;		       /**< The number, if the field is one. */
	const uint8_t *bytes; /**< The bytes themselves, in the payload that is visited; null of a secret. */
	uint32_t used;	      /**< How many of them count: SSID, text and lists end early. */
};

/** A walk over the fields of one message. Private; may be copied. */
struct sap_visitor {
	/** @cond internal */
	const struct sap_message_info *info;
	const uint8_t *payload;
	uint32_t len;
	uint32_t offset; /* where the next step starts */
	uint32_t depth;	 /* how many levels are open */
	uint64_t number; /* the last one seen: the length of what follows it, if that has one */
	struct {
		const struct sap_field *fields; /* of a structure; null in an array */
		uint32_t n_fields;
		const struct sap_field *field; /* which one is open here; null at the top */
		uint32_t at;		       /* which of the fields, or elements, comes next */
		uint32_t index;		       /* which element of an array it is itself */
		bool element;
	} level[5];
	/** @endcond */
};

/**
 * Starts a walk over the payload of one message.
 *
 * @param visitor The walk.
 * @param info    Which message; null for a type in no table: its payload is then one field, `opaque`.
 * @param payload Its bytes, without the header. Kept until the walk ends.
 * @param len     How many. Fields that lie past the end are left out, a cut number too; of a cut structure
 *                or array, what is there is shown. Bytes after the last field come as one more, `extra`.
 */
SAP_API void sap_visitor_init(struct sap_visitor *visitor, const struct sap_message_info *info,
			      const uint8_t *payload, uint32_t len);

/** The next step. False as the walk ended; @p item then keeps its content. */
SAP_API SAP_MUST_CHECK bool sap_visitor_next(struct sap_visitor *visitor, struct sap_item *item);

/**
 * Writes a number into the bytes of a field.
 *
 * @param item    A step #SAP_STEP_VALUE at a number.
 * @param payload The same message's payload, to be written.
 * @param len     How many bytes it has.
 * @param value   The number.
 *
 * @retval SAP_OK        Written.
 * @retval SAP_BAD_VALUE @p value needs more bytes than the field has; nothing was written.
 * @retval SAP_TOO_SMALL The field lies past @p len; nothing was written.
 * @retval SAP_INVALID   An argument is null, or the field is no number.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_field_store(const struct sap_item *item, uint8_t *payload,
						       uint32_t len, uint64_t value);

SAP_END_DECLS

#endif
