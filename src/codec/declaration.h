/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The declaration: every message of SAP, once.
 *
 * From these tables the preprocessor makes the layouts and their sizes (layout.h), decoding and encoding
 * (message.c, me.c), and names and fields as data (fields.c), from which in turn the visitor, `sap decode`,
 * JSON, tables and dissectors are made. Numbers stand in sap/wire.h, the values' structures in
 * sap/message.h and sap/me.h: those are the pages that users read, and the compiler holds them against
 * this one.
 *
 * To add a message: its number in wire.h, its structure and member in message.h, its fields and its row
 * here. A row that is forgotten is a warning of the compiler (a switch without a case).
 */
#ifndef SAP_CODEC_DECLARATION_H
#define SAP_CODEC_DECLARATION_H

#include <sap/wire.h>

/* clang-format off */

/*
 * Fields: F(kind, name, count, show, of), in the order of their bytes (docs/protocol/sap.md section 6).
 *
 *   kind    U8 U16 U32 U64   a number, little-endian       BE16 BE32   a number, big-endian
 *           U16S U32S BYTES  `count` of them               MAC         6 bytes
 *           VIEW             `count` bytes that a value points at instead of holding them
 *           STRUCT STRUCTS   one, or `count`, of the layout `of`
 *           RSV              `count` reserved bytes, which a value does not keep
 *           LENGTH           a U32: how many bytes the field `of`, the next one, has
 *           REST             all bytes to the end, at least `count`
 *           LIMITED          as REST, but no more than the LENGTH `of`, the field before it, says
 *           U24 GUID         3 bytes of a number, little-endian; 16 bytes of a GUID
 *           LENGTH8 LENGTH16 as LENGTH, in a U8 or a U16
 *           STRING           just as many bytes as the length `of` before it says, up to `count`; may be none
 *           COUNT            a U32 of the name `entries`: how many elements of `count` bytes the field `of` has
 *           COUNTED          as many of the layout `of` as the COUNT before it says, up to `count`
 *           BLOCKS           as many of the layout `of` as there are, one or more, up to `count`
 *           MORE             all bytes to the end; may be none
 *   show    see enum sap_field_show; `of` then names the list for ENUM and FLAGS
 */

#define SAP_FIELDS_conn_info(F)                                            \
	F(U32, ssid_len, 1, DEC, none)                                     \
	F(BYTES, ssid, SAP_SSID_SIZE, SSID, none)                          \
	F(U32, auth_mode, 1, ENUM, auth_mode)                              \
	F(U32, pairwise_cipher, 1, ENUM, cipher)                           \
	F(U8, channel, 1, DEC, none)                                       \
	F(U8, band, 1, ENUM, band)                                         \
	F(RSV, reserved1, 2, HEX, none)                                    \
	F(MAC, bssid, 1, MAC, none)                                        \
	F(RSV, reserved2, 2, HEX, none)

#define SAP_FIELDS_flex_filter(F)                                          \
	F(BE16, src_port, 1, DEC, none)                                    \
	F(BE16, dst_port, 1, DEC, none)                                    \
	F(U8, flags, 1, FLAGS, flex_flag)                                  \
	F(RSV, reserved, 1, HEX, none)

#define SAP_FIELDS_ipv6_filter(F)                                          \
	F(BYTES, addr_lo24, 3, HEX, none)                                  \
	F(U8, flags, 1, FLAGS, ipv6_flag)

#define SAP_FIELDS_eth_filter(F)                                           \
	F(MAC, mac_address, 1, MAC, none)                                  \
	F(U8, flags, 1, FLAGS, eth_flag)

#define SAP_FIELDS_ipv4_filter(F)                                          \
	F(BE32, ipv4_addr, 1, IPV4, none)                                  \
	F(U32, flags, 1, FLAGS, ipv4_flag)

#define SAP_FIELDS_oob_filters(F)                                          \
	F(STRUCTS, flex, SAP_FLEX_FILTERS, DEC, flex_filter)               \
	F(U32, icmpv6_flags, 1, FLAGS, icmpv6_flag)                        \
	F(STRUCTS, ipv6, SAP_IPV6_FILTERS, DEC, ipv6_filter)               \
	F(STRUCTS, eth, SAP_ETH_FILTERS, DEC, eth_filter)                  \
	F(RSV, reserved, 1, HEX, none)                                     \
	F(STRUCT, ipv4, 1, DEC, ipv4_filter)                               \
	F(U16S, vlan, SAP_VLAN_FILTERS, VLAN, none)

#define SAP_FIELDS_csme_filters(F)                                         \
	F(U32, mode, 1, DEC, none)                                         \
	F(MAC, mac_address, 1, MAC, none)                                  \
	F(RSV, reserved, 2, HEX, none)                                     \
	F(VIEW, cbfilters, SAP_CBFILTERS_SIZE, HEX, none)                  \
	F(STRUCT, oob, 1, DEC, oob_filters)

#define SAP_FIELDS_amt_state(F)                                            \
	F(U32, state, 1, BOOL, none)

#define SAP_FIELDS_csme_reply(F)                                           \
	F(U32, granted, 1, BOOL, none)

#define SAP_FIELDS_nic_owner(F)                                            \
	F(U32, owner, 1, ENUM, owner)

#define SAP_FIELDS_csme_conn_status(F)                                     \
	F(U32, link_prot_state, 1, BOOL, none)                             \
	F(U32, scan_request, 1, FLAGS, scan_flag)                          \
	F(STRUCT, conn, 1, DEC, conn_info)

#define SAP_FIELDS_nvm(F)                                                  \
	F(MAC, hw_addr, 1, MAC, none)                                      \
	F(U8, n_hw_addrs, 1, DEC, none)                                    \
	F(RSV, reserved, 1, HEX, none)                                     \
	F(U32, radio_cfg, 1, HEX, none)                                    \
	F(U32, caps, 1, FLAGS, nvm_cap)                                    \
	F(U32, nvm_version, 1, HEX, none)                                  \
	F(U32S, channels, SAP_NVM_CHANNELS, HEX, none)

#define SAP_FIELDS_pldr_result(F)                                          \
	F(U32, version, 1, DEC, none)                                      \
	F(U32, status, 1, ENUM, pldr_status)

#define SAP_FIELDS_radio_state(F)                                          \
	F(U32, state, 1, FLAGS, radio_flag)

#define SAP_FIELDS_nic_info(F)                                             \
	F(MAC, mac_address, 1, MAC, none)                                  \
	F(MAC, nvm_address, 1, MAC, none)

#define SAP_FIELDS_host_suspends(F)                                        \
	F(U32, flags, 1, FLAGS, suspend_flag)

#define SAP_FIELDS_host_resumes(F)                                         \
	F(U32, reinit, 1, BOOL, none)

#define SAP_FIELDS_country_code(F)                                         \
	F(U16, mcc, 1, COUNTRY, none)                                      \
	F(U8, source_id, 1, DEC, none)                                     \
	F(RSV, reserved, 1, HEX, none)                                     \
	F(U32, diff_time, 1, DEC, none)

#define SAP_FIELDS_host_link_up(F)                                         \
	F(STRUCT, conn, 1, DEC, conn_info)                                 \
	F(U8, colloc_channel, 1, DEC, none)                                \
	F(U8, colloc_band, 1, ENUM, band)                                  \
	F(RSV, reserved1, 2, HEX, none)                                    \
	F(MAC, colloc_bssid, 1, MAC, none)                                 \
	F(RSV, reserved2, 2, HEX, none)

#define SAP_FIELDS_host_link_down(F)                                       \
	F(U8, type, 1, ENUM, link_down_type)                               \
	F(RSV, reserved, 2, HEX, none)                                     \
	F(U8, reason_valid, 1, BOOL, none)                                 \
	F(U32, reason, 1, DEC, none)

#define SAP_FIELDS_sar_limits(F)                                           \
	F(U16S, limits, SAP_SAR_CHAINS * SAP_SAR_LIMITS_PER_CHAIN, DEC, none)

#define SAP_FIELDS_pldr(F)                                                 \
	F(U32, version, 1, DEC, none)

#define SAP_FIELDS_data_packet(F)                                          \
	F(REST, frame, SAP_ETHERNET_HEADER_SIZE, FRAME, none)

#define SAP_FIELDS_cb_data_packet(F)                                       \
	F(RSV, reserved1, 28, HEX, none)                                   \
	F(U32, to_me_filt_status, 1, FLAGS, cb_flag)                       \
	F(RSV, reserved2, 4, HEX, none)                                    \
	F(LENGTH, data_len, 1, DEC, frame)                                 \
	F(LIMITED, frame, SAP_ETHERNET_HEADER_SIZE, FRAME, data_len)

#define SAP_FIELDS_me_start(F)                                             \
	F(U64, shared_mem, 1, HEX, none)                                   \
	F(U16, init_data_seq_num, 1, HEX, none)                            \
	F(U16, init_notif_seq_num, 1, HEX, none)                           \
	F(BYTES, supported_versions, SAP_ME_VERSIONS, VERSIONS, none)

#define SAP_FIELDS_me_start_ok(F)                                          \
	F(U16, init_data_seq_num, 1, HEX, none)                            \
	F(U16, init_notif_seq_num, 1, HEX, none)                           \
	F(U8, supported_version, 1, DEC, none)                             \
	F(RSV, reserved, 3, HEX, none)

/*
 * Layouts: L(name, bytes), each for `struct sap_<name>` and after those it is made of; `bytes` is the size
 * that the protocol notes give, against which the fields are counted.
 */

/* Parts of other layouts. */
#define SAP_PART_LAYOUTS(L)   \
	L(conn_info, 56)      \
	L(flex_filter, 6)     \
	L(ipv6_filter, 4)     \
	L(eth_filter, 7)      \
	L(ipv4_filter, 8)     \
	L(oob_filters, 156)

/* Payloads that a message holds as a value. */
#define SAP_VALUE_LAYOUTS(L)       \
	L(amt_state, 4)            \
	L(csme_reply, 4)           \
	L(nic_owner, 4)            \
	L(csme_conn_status, 64)    \
	L(pldr_result, 8)          \
	L(radio_state, 4)          \
	L(nic_info, 12)            \
	L(host_suspends, 4)        \
	L(host_resumes, 4)         \
	L(country_code, 8)         \
	L(host_link_up, 68)        \
	L(host_link_down, 8)       \
	L(sar_limits, 20)          \
	L(pldr, 4)                 \
	L(data_packet, 14)         \
	L(cb_data_packet, 40 + 14)

/* Long payloads, which a message only points at. */
#define SAP_LONG_LAYOUTS(L)   \
	L(csme_filters, 1896) \
	L(nvm, 460)

/* ME messages, from the end of their header. */
#define SAP_ME_LAYOUTS(L) \
	L(me_start, 76)   \
	L(me_start_ok, 8)

/*
 * Messages: M(form, NAME, member, layout, direction, carrier, meaning), by ascending number.
 *
 *   NAME    of the number: SAP_<NAME> in wire.h, SAP_ME_<NAME> for ME messages
 *   form    EMPTY    no payload
 *           VALUE    `member` of the message is a value with that layout
 *           LONG     `member` is a view of a payload with that layout
 *           OPAQUE   `member` is a view of a payload whose meaning is not public
 */

#define SAP_ME_MESSAGES(M)                                                                              \
	M(VALUE, START, start, me_start, TO_CSME, ME, "the host's area is ready, versions offered")  \
	M(VALUE, START_OK, start_ok, me_start_ok, TO_HOST, ME, "the version that CSME took")         \
	M(EMPTY, CHECK_SHARED_AREA, none, none, BOTH_WAYS, ME, "the doorbell: look at the queues")

#define SAP_MESSAGES(M)                                                                                 \
	M(EMPTY, PING, none, none, BOTH_WAYS, NOTIF, "are you there?")                                  \
	M(EMPTY, PONG, none, none, BOTH_WAYS, NOTIF, "I am here")                                       \
	M(LONG, CSME_FILTERS, csme_filters, csme_filters, TO_HOST, NOTIF, "which packets CSME wants")   \
	M(VALUE, AMT_STATE, amt_state, amt_state, TO_HOST, NOTIF, "whether CSME networking is on")      \
	M(VALUE, CSME_REPLY_TO_HOST_OWNERSHIP_REQ, csme_reply, csme_reply, TO_HOST, NOTIF,              \
	  "the NIC is granted to the host, or refused")                                                 \
	M(EMPTY, CSME_TAKING_OWNERSHIP, none, none, TO_HOST, NOTIF, "CSME is about to take the NIC")    \
	M(EMPTY, TRIGGER_IP_REFRESH, none, none, TO_HOST, NOTIF, "the host is to renew its address")    \
	M(EMPTY, CSME_CAN_RELEASE_OWNERSHIP, none, none, TO_HOST, NOTIF, "the host may ask for the NIC")\
	M(VALUE, NIC_OWNER, nic_owner, nic_owner, TO_HOST, NOTIF, "who owns the NIC")                   \
	M(VALUE, CSME_CONN_STATUS, csme_conn_status, csme_conn_status, TO_HOST, NOTIF,                  \
	  "CSME's connection, and link protection")                                                     \
	M(LONG, NVM, nvm, nvm, TO_HOST, NOTIF, "what the NIC's memory says")                            \
	M(VALUE, PLDR_ACK, pldr_ack, pldr_result, TO_HOST, NOTIF, "CSME stays off the NIC, or not")     \
	M(OPAQUE, BAND_SELECTION, band_selection, none, TO_CSME, NOTIF, "not public")                   \
	M(VALUE, RADIO_STATE, radio_state, radio_state, TO_CSME, NOTIF, "the host's rfkill switches")   \
	M(VALUE, NIC_INFO, nic_info, nic_info, TO_CSME, NOTIF, "the NIC's addresses")                   \
	M(EMPTY, HOST_ASKS_FOR_NIC_OWNERSHIP, none, none, TO_CSME, NOTIF, "the host wants the NIC")     \
	M(VALUE, HOST_SUSPENDS, host_suspends, host_suspends, TO_CSME, NOTIF, "the host goes to sleep") \
	M(VALUE, HOST_RESUMES, host_resumes, host_resumes, TO_CSME, NOTIF, "the host woke up")          \
	M(EMPTY, HOST_GOES_DOWN, none, none, TO_CSME, NOTIF, "the host's side ends")                    \
	M(EMPTY, CSME_OWNERSHIP_CONFIRMED, none, none, TO_CSME, NOTIF, "the host let go of the NIC")    \
	M(VALUE, COUNTRY_CODE, country_code, country_code, TO_CSME, NOTIF, "where the host is")         \
	M(VALUE, HOST_LINK_UP, host_link_up, host_link_up, TO_CSME, NOTIF, "the host joined a network") \
	M(VALUE, HOST_LINK_DOWN, host_link_down, host_link_down, TO_CSME, NOTIF, "the host left it")    \
	M(EMPTY, WHO_OWNS_NIC, none, none, TO_CSME, NOTIF, "asks for NIC_OWNER")                        \
	M(EMPTY, WIFIDR_DOWN, none, none, TO_CSME, NOTIF, "the host's WLAN driver is gone")             \
	M(EMPTY, WIFIDR_UP, none, none, TO_CSME, NOTIF, "the host's WLAN driver is there")              \
	M(EMPTY, HOST_OWNERSHIP_CONFIRMED, none, none, TO_CSME, NOTIF, "the host took the NIC")         \
	M(VALUE, SAR_LIMITS, sar_limits, sar_limits, TO_CSME, NOTIF, "limits of transmit power")        \
	M(EMPTY, GET_NVM, none, none, TO_CSME, NOTIF, "asks for NVM")                                   \
	M(VALUE, PLDR, pldr, pldr, TO_CSME, NOTIF, "the host is about to reset the NIC")                \
	M(VALUE, PLDR_END, pldr_end, pldr_result, TO_CSME, NOTIF, "that reset is over")                 \
	M(VALUE, DATA_PACKET, data_packet, data_packet, BOTH_WAYS, DATA, "an Ethernet frame")           \
	M(VALUE, CB_DATA_PACKET, cb_data_packet, cb_data_packet, TO_CSME, DATA,                         \
	  "a copy of a frame that the host sent")

/*
 * Names of enumerations and flags: N(group, NAME) stands for the number SAP_<group>_<NAME> of wire.h,
 * in ascending order.
 */
#define SAP_NAMES_owner(N)          N(OWNER, UNKNOWN) N(OWNER, HOST) N(OWNER, CSME)
#define SAP_NAMES_auth_mode(N)      N(AUTH, OPEN) N(AUTH, RSNA) N(AUTH, RSNA_PSK) N(AUTH, SAE)
#define SAP_NAMES_cipher(N)                                                             \
	N(CIPHER, NONE) N(CIPHER, TKIP) N(CIPHER, CCMP) N(CIPHER, GCMP) N(CIPHER, GCMP256)
#define SAP_NAMES_band(N)           N(BAND, 2GHZ4) N(BAND, 5GHZ) N(BAND, 6GHZ)
#define SAP_NAMES_link_down_type(N) N(LINK_DOWN, NONE) N(LINK_DOWN, TEMPORARY) N(LINK_DOWN, LONG)
#define SAP_NAMES_pldr_status(N)    N(PLDR, SUCCESS) N(PLDR, FAILURE)
#define SAP_NAMES_radio_flag(N)     N(RADIO, SW_ON) N(RADIO, HW_ON)
#define SAP_NAMES_suspend_flag(N)                                                       \
	N(SUSPEND, OFFER_NIC) N(SUSPEND, FILTER_CONFIGURED) N(SUSPEND, NLO_CONFIGURED)  \
	N(SUSPEND, HOST_OWNS_NIC) N(SUSPEND, LINK_PROTECTED)
#define SAP_NAMES_scan_flag(N)      N(SCAN, FILTERING) N(SCAN, FAST)
#define SAP_NAMES_nvm_cap(N)        N(NVM, LARI) N(NVM, 11AX)
#define SAP_NAMES_cb_flag(N)        N(CB, DHCP)
#define SAP_NAMES_flex_flag(N)                                                          \
	N(FLEX, COPY) N(FLEX, ENABLED) N(FLEX, IPV6) N(FLEX, IPV4) N(FLEX, TCP) N(FLEX, UDP)
#define SAP_NAMES_icmpv6_flag(N)    N(ICMPV6, ENABLED) N(ICMPV6, COPY)
#define SAP_NAMES_ipv6_flag(N)      N(IPV6, COPY) N(IPV6, ENABLED)
#define SAP_NAMES_eth_flag(N)       N(ETH, STOP) N(ETH, COPY) N(ETH, ENABLED)
#define SAP_NAMES_ipv4_flag(N)                                                          \
	N(IPV4, ICMP_PASS) N(IPV4, ICMP_COPY) N(IPV4, ARP_REQUEST_PASS)                 \
	N(IPV4, ARP_REQUEST_COPY) N(IPV4, ARP_REPLY_PASS) N(IPV4, ARP_REPLY_COPY)

#define SAP_NAME_LISTS(L)                                                               \
	L(owner) L(auth_mode) L(cipher) L(band) L(link_down_type) L(pldr_status)        \
	L(radio_flag) L(suspend_flag) L(scan_flag) L(nvm_cap) L(cb_flag) L(flex_flag)   \
	L(icmpv6_flag) L(ipv6_flag) L(eth_flag) L(ipv4_flag)

/* clang-format on */

#endif
