/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file frame.h
 * What the headers of an Ethernet frame say: as much as the filters (filter.h) look at, and no more.
 *
 * sap_frame_read() is for people, tests and programs that show frames; the filters read the same headers by
 * the same functions, without making a value of them.
 *
 * **Hostile frames.** Each header is read only as far as the frame goes, and as far as the headers around it
 * say that it goes. A header that cannot be is a flaw, not a failure.
 *
 * **Contexts.** Pure functions: any context. Frames are read, never kept.
 *
 * Facts: docs/protocol/sap.md section 7; what is read and what counts as a flaw: docs/filters.md.
 */
#ifndef SAP_FRAME_H
#define SAP_FRAME_H

#include <sap/types.h>

SAP_BEGIN_DECLS

/** Types and protocols that the filters know. */
enum sap_frame_number {
	SAP_ETHERTYPE_IPV4 = 0x0800,	/**< IPv4. */
	SAP_ETHERTYPE_ARP = 0x0806,	/**< ARP. */
	SAP_ETHERTYPE_VLAN = 0x8100,	/**< 802.1Q tag. */
	SAP_ETHERTYPE_IPV6 = 0x86dd,	/**< IPv6. */
	SAP_ETHERTYPE_SERVICE = 0x88a8, /**< 802.1ad tag of a provider. */
	SAP_IPPROTO_ICMP = 1,		/**< ICMP. */
	SAP_IPPROTO_TCP = 6,		/**< TCP. */
	SAP_IPPROTO_UDP = 17,		/**< UDP. */
	SAP_IPPROTO_ICMPV6 = 58,	/**< ICMPv6. */
};

enum {
	/** IPv6 extension headers that are walked over; a frame with more of them has #SAP_FLAW_EXTENSIONS. */
	SAP_FRAME_EXTENSIONS = 8,
};

/** What is wrong with a frame's headers: the first thing that is, from outside in. */
enum sap_frame_flaw {
	SAP_FLAW_NONE = 0,   /**< Nothing. */
	SAP_FLAW_SHORT,	     /**< Shorter than an Ethernet header, or than its VLAN tag. */
	SAP_FLAW_TAGS,	     /**< Two VLAN tags, or the tag of a provider. */
	SAP_FLAW_CUT,	     /**< A header is cut off: of ARP, IPv4, IPv6, an extension, or before the ports
				   of TCP and UDP or the type and code of ICMP. */
	SAP_FLAW_VERSION,    /**< IPv4 or IPv6 by its EtherType, and another version by itself. */
	SAP_FLAW_LENGTH,     /**< A length that cannot be: IPv4's header shorter than 20 bytes or longer
				   than the packet; or a packet that says it is longer than the frame. */
	SAP_FLAW_EXTENSIONS, /**< More than #SAP_FRAME_EXTENSIONS extension headers. */
	SAP_FLAW_ARP,	     /**< ARP of other than Ethernet and IPv4 addresses. */
};

/** What a frame says of itself. Members that do not apply are zero. */
struct sap_frame {
	enum sap_frame_flaw flaw; /**< What is wrong; what lies behind it was not read. */
	struct sap_mac dst;	  /**< To. */
	struct sap_mac src;	  /**< From. */
	bool tagged;		  /**< There is a VLAN tag. */
	uint16_t vlan;		  /**< Its id; 0 is a priority tag. */
	uint16_t type;		  /**< EtherType, behind the tag if there is one; or a length below 1,536. */
	uint8_t protocol;	  /**< IPv4, IPv6: what is inside, extension headers passed over. */
	bool fragment;		  /**< IPv4, IPv6: a fragment; */
	bool later;		  /**< and not the first, so it has no header of its protocol. */
	uint32_t ipv4_src;	  /**< IPv4, ARP (sender): most significant byte first octet. */
	uint32_t ipv4_dst;	  /**< IPv4, ARP (target). */
	uint8_t ipv6_src[16];	  /**< IPv6. */
	uint8_t ipv6_dst[16];	  /**< IPv6. */
	uint16_t arp_op;	  /**< ARP: 1 request, 2 reply. */
	bool has_ports;		  /**< TCP, UDP: the ports are there. */
	uint16_t src_port;	  /**< From. */
	uint16_t dst_port;	  /**< To. */
	bool has_icmp;		  /**< ICMP, ICMPv6: type and code are there. */
	uint8_t icmp_type;	  /**< Its type. */
	uint8_t icmp_code;	  /**< Its code. */
};

/** Reads the headers of @p len bytes at @p frame, Ethernet header first. Any bytes will do. */
SAP_API void sap_frame_read(const uint8_t *frame, uint32_t len, struct sap_frame *facts);

/** What is wrong, one clause for people ("two VLAN tags"). "" for #SAP_FLAW_NONE; never null. */
SAP_API const char *sap_frame_flaw_text(enum sap_frame_flaw flaw);

/**
 * Whether a frame is a request of a DHCP client: IPv4, UDP from port 68 to port 67, and no later fragment.
 * One VLAN tag is looked through.
 */
SAP_API bool sap_frame_is_dhcp_request(const uint8_t *frame, uint32_t len);

SAP_END_DECLS

#endif
