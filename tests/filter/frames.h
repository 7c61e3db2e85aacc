/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Frames made by hand: what is not said is as in an ordinary frame. Bytes come from here, not from the library. */
#ifndef SAP_TEST_FRAMES_H
#define SAP_TEST_FRAMES_H

#include "support.h"

#define OUR_ADDRESS   0xc0000201u /* 192.0.2.1 */
#define OTHER_ADDRESS 0xc0000202u
#define OUR_LOW24     0x0a0b0cu

enum {
	FRAME_MOST = 400
};

/* An extension header of IPv6: its number, and its bytes (the first says what is next, and is filled in). */
struct extension {
	uint32_t kind;
	uint32_t size;	 /* 0: ends the list */
	uint8_t length;	 /* the byte that says its size, */
	bool lies;	 /* if it is not the right one */
	uint32_t offset; /* kind 44: offset and flags */
};

struct spec {
	const char *to;	      /* MAC address; null: 02:11:22:33:44:55 */
	bool tagged;	      /* with */
	uint32_t tag;	      /* this in the tag */
	uint32_t tag_type;    /* 0x8100 if 0 */
	uint32_t type;	      /* EtherType */
	uint32_t address;     /* IPv4: destination; ARP: target; 0: OUR_ADDRESS */
	uint32_t low24;	      /* IPv6: of the destination; 0: OUR_LOW24 */
	uint32_t version_ihl; /* IPv4: the first byte; 0: 0x45 with `options` */
	uint32_t options;     /* IPv4: bytes of them */
	uint32_t where;	      /* IPv4: fragment flags and offset */
	int32_t longer;	      /* what its length says beyond what there is */
	uint32_t protocol;
	uint32_t src, dst; /* ports; or type and code */
	uint32_t upper;	   /* bytes inside; 0: 8 */
	uint32_t padding;  /* bytes behind */
	uint32_t op;	   /* ARP */
	struct extension extensions[12];
};

struct made {
	uint8_t bytes[FRAME_MOST];
	uint32_t len;
};

struct made make_frame(const struct spec *spec);

/* "csme FLEX 3", "both ICMP", "host NO_MATCH": where it goes and what decided. */
void name_verdict(struct sap_verdict verdict, char text[40]);

/* The payload of these filters. */
void make_payload(const struct sap_oob_filters *oob, uint8_t payload[SAP_CSME_FILTERS_SIZE]);

#endif
