/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file filter.h
 * Which frames from the air CSME wants while the host owns the NIC.
 *
 * CSME tells by CSME_FILTERS. sap_filter_compile() turns that once into a form that sap_filter_classify()
 * looks a frame up in, in the same few steps however many filters there are.
 *
 * @code
 * struct sap_filter filter = {0};                     // no filters: every frame is the host's alone
 * struct sap_verdict verdict;
 *
 * // CSME_FILTERS came
 * if (sap_filter_compile(&filter, payload, len) != SAP_OK)
 *         complain();                                 // the filters are what they were
 *
 * // a frame came
 * verdict = sap_filter_classify(&filter, frame, frame_len);
 * if (verdict.to_csme)  give_to_csme(frame);
 * if (verdict.to_host)  give_to_stack(frame);
 * @endcode
 *
 * Who has a packets lane (packets.h) needs none of this: sap_packets_rx() does it, and the engine has the lane
 * told of new filters.
 *
 * **Plain data.** A filter holds no pointers: copy it, compare it, keep it anywhere. Zeroed, it is one that
 * no filters came for yet.
 *
 * **Contexts.** Pure functions: any context. A filter that one thread compiles while another classifies is
 * yours to lock.
 *
 * **Pointers** must not be null, unless it says what then comes of it.
 *
 * Facts: docs/protocol/sap.md sections 6.6 and 7; every rule, and why: docs/filters.md.
 */
#ifndef SAP_FILTER_H
#define SAP_FILTER_H

#include <sap/message.h>
#include <sap/status.h>
#include <sap/types.h>

SAP_BEGIN_DECLS

/** What decided about a frame. The last six are filters of CSME's; they give it the frame. */
enum sap_rule {
	SAP_RULE_NO_FILTERS = 0, /**< CSME sent no filters yet: the host's alone. */
	SAP_RULE_NOT_OPEN,	 /**< The lane is closed: SAP is down, AMT off, or CSME owns the NIC. */
	SAP_RULE_FLAW,	    /**< A header is cut off or cannot be (enum sap_frame_flaw): the host's alone. */
	SAP_RULE_VLAN,	    /**< A VLAN that CSME is not in. */
	SAP_RULE_MULTICAST, /**< A multicast address that CSME does not listen to. */
	SAP_RULE_ECHO_REQUEST, /**< An ICMP or ICMPv6 echo request: the host answers those itself. */
	SAP_RULE_NO_MATCH,     /**< No filter fits. */
	SAP_RULE_ETH,	       /**< An eth filter with stop: `index`. */
	SAP_RULE_FLEX,	       /**< A flex filter: `index`. */
	SAP_RULE_ICMP,	       /**< The IPv4 filter's ICMP flags. */
	SAP_RULE_ARP_REQUEST,  /**< The IPv4 filter's ARP request flags. */
	SAP_RULE_ARP_REPLY,    /**< The IPv4 filter's ARP reply flags. */
	SAP_RULE_ICMPV6,       /**< The ICMPv6 flags. */
};

/** Where a frame goes: to at least one of the two. */
struct sap_verdict {
	bool to_csme;  /**< CSME wants it. */
	bool to_host;  /**< The host's own stack is to see it. */
	uint8_t rule;  /**< enum sap_rule: what decided. */
	uint8_t index; /**< ETH, FLEX: which filter, from 0. Else 0. */
};

/** Filters, compiled. Private; plain data, without pointers; less than 1 KiB. */
struct sap_filter {
	/** @cond internal */
	uint8_t dst_kind[2][256]; /* of a port to, the kinds of its high and its low byte */
	uint16_t dst[2][16];	  /* flex filters, a bit each, that take a byte of such a kind there; */
	uint16_t src[4][16];	  /* a port from with this digit in this place */
	uint32_t takes[2][2];	  /* those for: IPv4, IPv6; TCP, UDP */
	uint32_t needs[2];	  /* and those of them that need the address: of IPv4, of IPv6 */
	uint32_t src_counts;	  /* those that take but one port from */
	uint32_t any_port;	  /* those that need no port */
	/* Verdicts, each as one word. */
	uint32_t flex[16];	       /* of those that fit, the first one's: by filter_slot() of its bit */
	uint32_t eth[SAP_ETH_FILTERS]; /* those that stop */
	uint32_t icmp, arp_request, arp_reply; /* that may pass: what then comes of it */
	uint32_t icmpv6[2];		       /* as the flags say; with a copy in any case */
	uint32_t longest;   /* bytes behind an Ethernet header, and one more; 0: no filters came */
	uint32_t groups;    /* multicast addresses that may be listened to: by filter_bit() */
	uint32_t vlans;	    /* ids that may be listed: by filter_bit() */
	uint32_t ipv4_addr; /* 0: any */
	uint32_t ipv6[SAP_IPV6_FILTERS];   /* 24 bits; those behind the last are none that there can be */
	uint32_t eth_low[SAP_ETH_FILTERS]; /* the last four bytes */
	uint16_t eth_high[SAP_ETH_FILTERS];
	uint16_t vlan[SAP_VLAN_FILTERS]; /* ids; 0, which is no VLAN, for those that do not count */
	uint8_t n_eth;
	uint8_t eth_stops; /* those that stop, a bit each */
	uint8_t ipv6_copy; /* those addresses whose ICMPv6 the host sees too, a bit each */
			   /** @endcond */
};

/**
 * Compiles the payload of CSME_FILTERS.
 *
 * Any content is a set of filters: flags and lists mean what docs/filters.md says, and bits that mean nothing
 * are ignored.
 *
 * @param filter  Becomes these filters.
 * @param payload What came behind the message's header.
 * @param len     Its bytes, #SAP_CSME_FILTERS_SIZE (1,896) or more; extra ones are ignored.
 *
 * @retval SAP_OK        @p filter holds, and is active.
 * @retval SAP_TOO_SHORT Fewer bytes; @p filter is unchanged.
 * @retval SAP_INVALID   An argument is null; @p filter is unchanged.
 */
SAP_API SAP_MUST_CHECK enum sap_status sap_filter_compile(struct sap_filter *filter, const uint8_t *payload,
							  size_t len);

/** Compiles filters that are values already. */
SAP_API void sap_filter_set(struct sap_filter *filter, const struct sap_oob_filters *oob);

/** Back to no filters: every frame is the host's alone. */
SAP_API void sap_filter_clear(struct sap_filter *filter);

/** Whether filters came. */
SAP_API bool sap_filter_is_active(const struct sap_filter *filter);

/**
 * Says where a frame from the air goes.
 *
 * @param filter The filters, or a zeroed one.
 * @param frame  The frame, Ethernet header first, as it came. Read byte by byte, never behind @p len.
 * @param len    Its bytes. Fewer than 14 are the host's alone (#SAP_RULE_FLAW).
 */
SAP_API struct sap_verdict sap_filter_classify(const struct sap_filter *filter, const uint8_t *frame,
					       uint32_t len);

/**
 * Whether CSME is in the VLAN that a frame belongs to: an untagged frame, a priority tag (id 0), or an id that
 * is listed. Not if its tag is cut off, or one of several, or a provider's. Without filters no id is listed.
 */
SAP_API bool sap_filter_takes_vlan(const struct sap_filter *filter, const uint8_t *frame, uint32_t len);

/** The name of a rule ("ARP_REQUEST"); "?" for none of them. */
SAP_API const char *sap_rule_name(enum sap_rule rule);

/** What it means, one clause for people; "?" for none of them. */
SAP_API const char *sap_rule_text(enum sap_rule rule);

SAP_END_DECLS

#endif
