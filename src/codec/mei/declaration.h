/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The declaration of the MEI bus: every message of HBM, AMTHI and MKHI, once. How it is read, and what the
 * kinds of fields are, stands in ../declaration.h; the facts, in docs/protocol/mei.md.
 */
#ifndef SAP_CODEC_MEI_DECLARATION_H
#define SAP_CODEC_MEI_DECLARATION_H

#include <sap/mei/amthi.h>
#include <sap/mei/hbm.h>
#include <sap/mei/mkhi.h>

/* clang-format off */

/* --- HBM: fields from the byte after the command on --- */

#define SAP_FIELDS_hbm_properties(F)                       \
	F(GUID, guid, 1, GUID, none)                       \
	F(U8, protocol_version, 1, DEC, none)              \
	F(U8, max_connections, 1, DEC, none)               \
	F(U8, fixed_address, 1, DEC, none)                 \
	F(U8, flags, 1, FLAGS, hbm_client_flag)            \
	F(U32, max_msg_length, 1, DEC, none)

#define SAP_FIELDS_hbm_dma_ring(F)                         \
	F(U32, addr_hi, 1, HEX, none)                      \
	F(U32, addr_lo, 1, HEX, none)                      \
	F(U32, size, 1, DEC, none)

#define SAP_FIELDS_hbm_host_start(F)                       \
	F(RSV, reserved, 1, HEX, none)                     \
	F(U8, minor, 1, DEC, none)                         \
	F(U8, major, 1, DEC, none)

#define SAP_FIELDS_hbm_host_start_response(F)              \
	F(U8, supported, 1, BOOL, none)                    \
	F(U8, minor, 1, DEC, none)                         \
	F(U8, major, 1, DEC, none)

#define SAP_FIELDS_hbm_stop(F)                             \
	F(U8, reason, 1, ENUM, hbm_stop_reason)            \
	F(RSV, reserved, 2, HEX, none)

#define SAP_FIELDS_hbm_nothing(F)                          \
	F(RSV, reserved, 3, HEX, none)

#define SAP_FIELDS_hbm_host_enum(F)                        \
	F(U8, flags, 1, FLAGS, hbm_enum_flag)              \
	F(RSV, reserved, 2, HEX, none)

#define SAP_FIELDS_hbm_host_enum_response(F)               \
	F(RSV, reserved, 3, HEX, none)                     \
	F(BYTES, bitmap, SAP_HBM_BITMAP_SIZE, HEX, none)

#define SAP_FIELDS_hbm_client_properties(F)                \
	F(U8, me_addr, 1, DEC, none)                       \
	F(RSV, reserved, 2, HEX, none)

#define SAP_FIELDS_hbm_client_properties_response(F)       \
	F(U8, me_addr, 1, DEC, none)                       \
	F(U8, status, 1, ENUM, hbm_status)                 \
	F(RSV, reserved, 1, HEX, none)                     \
	F(STRUCT, properties, 1, DEC, hbm_properties)

#define SAP_FIELDS_hbm_connection(F)                       \
	F(U8, me_addr, 1, DEC, none)                       \
	F(U8, host_addr, 1, DEC, none)                     \
	F(RSV, reserved, 1, HEX, none)

#define SAP_FIELDS_hbm_connection_response(F)              \
	F(U8, me_addr, 1, DEC, none)                       \
	F(U8, host_addr, 1, DEC, none)                     \
	F(U8, status, 1, ENUM, hbm_status)

/* The same value as another connection's, with more room after it. */
#define sap_hbm_flow_control sap_hbm_connection
#define SAP_FIELDS_hbm_flow_control(F)                     \
	F(U8, me_addr, 1, DEC, none)                       \
	F(U8, host_addr, 1, DEC, none)                     \
	F(RSV, reserved, 5, HEX, none)

#define SAP_FIELDS_hbm_add_client(F)                       \
	F(U8, me_addr, 1, DEC, none)                       \
	F(RSV, reserved, 2, HEX, none)                     \
	F(STRUCT, properties, 1, DEC, hbm_properties)

#define SAP_FIELDS_hbm_add_client_response(F)              \
	F(U8, me_addr, 1, DEC, none)                       \
	F(U8, status, 1, ENUM, hbm_status)                 \
	F(RSV, reserved, 1, HEX, none)

#define SAP_FIELDS_hbm_notify(F)                           \
	F(U8, me_addr, 1, DEC, none)                       \
	F(U8, host_addr, 1, DEC, none)                     \
	F(U8, start, 1, BOOL, none)

#define SAP_FIELDS_hbm_notify_response(F)                  \
	F(U8, me_addr, 1, DEC, none)                       \
	F(U8, host_addr, 1, DEC, none)                     \
	F(U8, status, 1, ENUM, hbm_status)                 \
	F(U8, start, 1, BOOL, none)                        \
	F(RSV, reserved, 3, HEX, none)

#define SAP_FIELDS_hbm_dma_setup(F)                        \
	F(RSV, reserved, 3, HEX, none)                     \
	F(STRUCTS, ring, SAP_HBM_DMA_RINGS, DEC, hbm_dma_ring)

#define SAP_FIELDS_hbm_dma_setup_response(F)               \
	F(U8, status, 1, ENUM, hbm_status)                 \
	F(RSV, reserved, 2, HEX, none)

#define sap_hbm_dma_setup_response sap_hbm_dma_response
#define SAP_FIELDS_hbm_dma_response(F)                     \
	F(U8, status, 1, ENUM, hbm_status)

#define SAP_FIELDS_hbm_capabilities(F)                     \
	F(U24, flags, 1, FLAGS, hbm_capability)

#define SAP_FIELDS_hbm_client_dma_map(F)                   \
	F(U8, buffer_id, 1, DEC, none)                     \
	F(RSV, reserved, 2, HEX, none)                     \
	F(U32, address_lsb, 1, HEX, none)                  \
	F(U32, address_msb, 1, HEX, none)                  \
	F(U32, size, 1, DEC, none)

#define SAP_FIELDS_hbm_client_dma_unmap(F)                 \
	F(U8, status, 1, ENUM, hbm_status)                 \
	F(U8, buffer_id, 1, DEC, none)                     \
	F(RSV, reserved, 1, HEX, none)

/* Layouts: bytes without the command's. */
#define SAP_HBM_PARTS(L)           \
	L(hbm_properties, 24)      \
	L(hbm_dma_ring, 12)
#define SAP_HBM_RESERVED(L)        \
	L(hbm_nothing, 3)
#define SAP_HBM_VALUES(L)                       \
	L(hbm_host_start, 3)                    \
	L(hbm_host_start_response, 3)           \
	L(hbm_stop, 3)                          \
	L(hbm_host_enum, 3)                     \
	L(hbm_host_enum_response, 35)           \
	L(hbm_client_properties, 3)             \
	L(hbm_client_properties_response, 27)   \
	L(hbm_connection, 3)                    \
	L(hbm_connection_response, 3)           \
	L(hbm_flow_control, 7)                  \
	L(hbm_add_client, 27)                   \
	L(hbm_add_client_response, 3)           \
	L(hbm_notify, 3)                        \
	L(hbm_notify_response, 7)               \
	L(hbm_dma_setup, 39)                    \
	L(hbm_dma_setup_response, 3)            \
	L(hbm_dma_response, 1)                  \
	L(hbm_capabilities, 3)                  \
	L(hbm_client_dma_map, 15)               \
	L(hbm_client_dma_unmap, 3)

/* Messages: M(form, NAME, member, layout, direction, meaning), by ascending request. */
#define SAP_HBM_MESSAGES(M)                                                                             \
	M(VALUE, HOST_START, host_start, hbm_host_start, TO_CSME, "HBM begins, in this version")        \
	M(VALUE, HOST_START_RESPONSE, host_start_response, hbm_host_start_response, TO_HOST,            \
	  "the firmware's version")                                                                     \
	M(VALUE, HOST_STOP, stop, hbm_stop, TO_CSME, "the host stops")                                  \
	M(RESERVED, HOST_STOP_RESPONSE, none, hbm_nothing, TO_HOST, "the firmware heard it")            \
	M(VALUE, ME_STOP, stop, hbm_stop, TO_HOST, "the firmware asks the host to stop")                \
	M(VALUE, HOST_ENUM, host_enum, hbm_host_enum, TO_CSME, "which clients are there?")              \
	M(VALUE, HOST_ENUM_RESPONSE, host_enum_response, hbm_host_enum_response, TO_HOST,               \
	  "a bit for each address")                                                                     \
	M(VALUE, CLIENT_PROPERTIES, client_properties, hbm_client_properties, TO_CSME,                  \
	  "what is that client?")                                                                       \
	M(VALUE, CLIENT_PROPERTIES_RESPONSE, client_properties_response,                                \
	  hbm_client_properties_response, TO_HOST, "what it is")                                        \
	M(VALUE, CONNECT, connection, hbm_connection, TO_CSME, "an application connects to a client")   \
	M(VALUE, CONNECT_RESPONSE, connection_response, hbm_connection_response, TO_HOST,               \
	  "whether it is connected")                                                                    \
	M(VALUE, DISCONNECT, connection, hbm_connection, BOTH_WAYS, "a connection ends")                \
	M(VALUE, DISCONNECT_RESPONSE, connection_response, hbm_connection_response, BOTH_WAYS,          \
	  "it has ended")                                                                               \
	M(VALUE, FLOW_CONTROL, connection, hbm_flow_control, BOTH_WAYS, "one message may come")         \
	M(RESERVED, PG_ENTRY, none, hbm_nothing, TO_CSME, "the power gate is about to close")           \
	M(RESERVED, PG_ENTRY_RESPONSE, none, hbm_nothing, TO_HOST, "it may")                            \
	M(RESERVED, PG_EXIT, none, hbm_nothing, BOTH_WAYS, "the power gate is open again")              \
	M(RESERVED, PG_EXIT_RESPONSE, none, hbm_nothing, BOTH_WAYS, "so it is")                         \
	M(VALUE, ADD_CLIENT, add_client, hbm_add_client, TO_HOST, "a client came later")                \
	M(VALUE, ADD_CLIENT_RESPONSE, add_client_response, hbm_add_client_response, TO_CSME,            \
	  "whether the host took it")                                                                   \
	M(VALUE, NOTIFY, notify, hbm_notify, TO_CSME, "an application wants notifications, or none")    \
	M(VALUE, NOTIFY_RESPONSE, notify_response, hbm_notify_response, TO_HOST,                        \
	  "whether it gets them")                                                                       \
	M(VALUE, NOTIFICATION, connection, hbm_connection, TO_HOST, "there is an event")                \
	M(VALUE, DMA_SETUP, dma_setup, hbm_dma_setup, TO_CSME, "the host offers DMA rings")             \
	M(VALUE, DMA_SETUP_RESPONSE, dma_response, hbm_dma_setup_response, TO_HOST,                     \
	  "whether they are used")                                                                      \
	M(VALUE, CAPABILITIES, capabilities, hbm_capabilities, TO_CSME, "what the host would like")     \
	M(VALUE, CAPABILITIES_RESPONSE, capabilities, hbm_capabilities, TO_HOST, "what it gets")        \
	M(VALUE, CLIENT_DMA_MAP, dma_map, hbm_client_dma_map, TO_CSME, "memory for a client")           \
	M(VALUE, CLIENT_DMA_MAP_RESPONSE, dma_response, hbm_dma_response, TO_HOST,                      \
	  "whether it is taken")                                                                        \
	M(VALUE, CLIENT_DMA_UNMAP, dma_unmap, hbm_client_dma_unmap, TO_CSME,                            \
	  "that memory is about to go")                                                                 \
	M(VALUE, CLIENT_DMA_UNMAP_RESPONSE, dma_response, hbm_dma_response, TO_HOST,                    \
	  "it is not used any more")

#define SAP_NAMES_hbm_status(N)                                                                 \
	N(HBM, SUCCESS) N(HBM, CLIENT_NOT_FOUND) N(HBM, ALREADY_EXISTS) N(HBM, REJECTED)        \
	N(HBM, INVALID_PARAMETER) N(HBM, NOT_ALLOWED) N(HBM, ALREADY_STARTED) N(HBM, NOT_STARTED)
#define SAP_NAMES_hbm_stop_reason(N)                                                            \
	N(HBM_STOP, DRIVER) N(HBM_STOP, D1) N(HBM_STOP, D2) N(HBM_STOP, D3) N(HBM_STOP, S1)     \
	N(HBM_STOP, S2) N(HBM_STOP, S3) N(HBM_STOP, S4) N(HBM_STOP, S5)
#define SAP_NAMES_hbm_enum_flag(N)   N(HBM_ENUM, ALLOW_ADD) N(HBM_ENUM, IMMEDIATE)
#define SAP_NAMES_hbm_capability(N)  N(HBM_CAP, VTAG) N(HBM_CAP, CLIENT_DMA)
#define SAP_NAMES_hbm_client_flag(N) N(HBM_CLIENT, SINGLE_RECV_BUF) N(HBM_CLIENT, VTAG)

/* --- AMTHI: fields from the end of the header, and of a response's status, on --- */

#define SAP_FIELDS_amthi_version(F)                        \
	F(U16, description_len, 1, DEC, none)              \
	F(BYTES, description, SAP_AMTHI_VERSION_TEXT, TEXT, none) \
	F(U16, version_len, 1, DEC, none)                  \
	F(BYTES, version, SAP_AMTHI_VERSION_TEXT, TEXT, none)

#define SAP_FIELDS_amthi_handle(F)                         \
	F(U32, handle, 1, DEC, none)

#define SAP_FIELDS_amthi_account(F)                        \
	F(RSV, reserved, SAP_AMTHI_ACCOUNT_SIZE, HEX, none)

#define SAP_FIELDS_amthi_state_request(F)                  \
	F(GUID, id, 1, GUID, none)

#define SAP_FIELDS_amthi_state(F)                          \
	F(GUID, id, 1, GUID, none)                         \
	F(U32, size, 1, DEC, none)                         \
	F(U8, link, 1, BOOL, none)                         \
	F(RSV, reserved, 1, HEX, none)                     \
	F(U8, crypto, 1, BOOL, none)                       \
	F(U8, flash_protection, 1, BOOL, none)             \
	F(U8, last_reset, 1, DEC, none)

#define SAP_FIELDS_amthi_provisioning_mode(F)              \
	F(U32, mode, 1, ENUM, amthi_mode)                  \
	F(U32, legacy, 1, BOOL, none)

#define SAP_FIELDS_amthi_provisioning_state(F)             \
	F(U32, state, 1, ENUM, amthi_provisioning)

#define SAP_FIELDS_amthi_code_versions(F)                  \
	F(BYTES, bios, SAP_AMTHI_BIOS_SIZE, TEXT, none)    \
	F(COUNT, entries, SAP_AMTHI_VERSION_SIZE, DEC, versions) \
	F(COUNTED, versions, SAP_AMTHI_VERSIONS, DEC, amthi_version)

#define SAP_FIELDS_amthi_security(F)                       \
	F(U32, enterprise_mode, 1, BOOL, none)             \
	F(U32, tls, 1, BOOL, none)                         \
	F(U32, hw_crypto, 1, BOOL, none)                   \
	F(U32, provisioning_state, 1, ENUM, amthi_provisioning) \
	F(U32, network_interface, 1, BOOL, none)           \
	F(U32, sol, 1, BOOL, none)                         \
	F(U32, ider, 1, BOOL, none)                        \
	F(U32, fw_update, 1, BOOL, none)                   \
	F(U32, link, 1, BOOL, none)                        \
	F(U32, kvm, 1, BOOL, none)                         \
	F(U32S, others, 7, HEX, none)

#define SAP_FIELDS_amthi_mac_addresses(F)                  \
	F(MAC, dedicated, 1, MAC, none)                    \
	F(MAC, host, 1, MAC, none)

#define SAP_FIELDS_amthi_hash_handles(F)                   \
	F(COUNT, entries, 4, DEC, handles)                   \
	F(COUNTED, handles, SAP_AMTHI_HANDLES, DEC, amthi_handle)

#define SAP_FIELDS_amthi_certhash(F)                       \
	F(U32, is_default, 1, BOOL, none)                  \
	F(U32, is_active, 1, BOOL, none)                   \
	F(BYTES, hash, SAP_AMTHI_HASH_SIZE, HEX, none)     \
	F(U8, algorithm, 1, ENUM, amthi_hash)              \
	F(LENGTH16, name_len, 1, DEC, name)                \
	F(STRING, name, 0xffff, TEXT, name_len)

#define SAP_FIELDS_amthi_enabled(F)                        \
	F(U32, enabled, 1, BOOL, none)

#define SAP_FIELDS_amthi_text(F)                           \
	F(LENGTH16, text_len, 1, DEC, text)                \
	F(STRING, text, 0xffff, TEXT, text_len)

#define SAP_FIELDS_amthi_remote_access(F)                  \
	F(U32, network, 1, ENUM, amthi_network)            \
	F(U32, state, 1, DEC, none)                        \
	F(U32, trigger, 1, DEC, none)                      \
	F(LENGTH16, server_len, 1, DEC, server)            \
	F(STRING, server, 0xffff, TEXT, server_len)

#define SAP_FIELDS_amthi_lan_request(F)                    \
	F(U32, interface, 1, ENUM, amthi_interface)

#define SAP_FIELDS_amthi_lan(F)                            \
	F(U32, enabled, 1, BOOL, none)                     \
	F(U32, ipv4, 1, IPV4, none)                        \
	F(U32, dhcp, 1, BOOL, none)                        \
	F(U8, dhcp_mode, 1, ENUM, amthi_dhcp)              \
	F(U8, link, 1, BOOL, none)                         \
	F(MAC, mac, 1, MAC, none)

#define SAP_FIELDS_amthi_feature_request(F)                \
	F(U32, feature, 1, ENUM, amthi_feature)

#define SAP_FIELDS_amthi_feature_state(F)                  \
	F(U32, feature, 1, ENUM, amthi_feature)            \
	F(U32, state, 1, HEX, none)                        \
	F(MORE, more, 0, HEX, none)

#define SAP_FIELDS_amthi_reset_reason(F)                   \
	F(U32, reason, 1, DEC, none)                       \
	F(U32, timestamp, 1, DEC, none)

#define SAP_FIELDS_amthi_user_interfaces(F)                \
	F(U32, flags, 1, FLAGS, amthi_user_interface)

#define SAP_FIELDS_amthi_config_server(F)                  \
	F(U16, port, 1, DEC, none)                         \
	F(BYTES, address, SAP_AMTHI_ADDRESS_SIZE, TEXT, none) \
	F(LENGTH16, name_len, 1, DEC, name)                \
	F(STRING, name, 0xffff, TEXT, name_len)

#define SAP_FIELDS_amthi_fqdn(F)                           \
	F(U32, shared, 1, BOOL, none)                      \
	F(U32, ddns, 1, BOOL, none)                        \
	F(U32, period, 1, DEC, none)                       \
	F(U32, ttl, 1, DEC, none)                          \
	F(U32, host_len, 1, DEC, none)                     \
	F(LENGTH16, fqdn_len, 1, DEC, fqdn)                \
	F(STRING, fqdn, 0xffff, TEXT, fqdn_len)

#define SAP_FIELDS_amthi_redirection_state(F)              \
	F(U32, flags, 1, FLAGS, amthi_redirection)

#define SAP_FIELDS_amthi_uuid(F)                           \
	F(GUID, uuid, 1, GUID, none)

#define SAP_FIELDS_amthi_control_mode(F)                   \
	F(U32, mode, 1, ENUM, amthi_control)

#define SAP_AMTHI_PARTS(L)               \
	L(amthi_version, 44)             \
	L(amthi_handle, 4)
#define SAP_AMTHI_RESERVED(L)            \
	L(amthi_account, 40)
#define SAP_AMTHI_VALUES(L)              \
	L(amthi_state_request, 16)       \
	L(amthi_state, 25)               \
	L(amthi_provisioning_mode, 8)    \
	L(amthi_provisioning_state, 4)   \
	L(amthi_code_versions, 69)       \
	L(amthi_security, 68)            \
	L(amthi_mac_addresses, 12)       \
	L(amthi_hash_handles, 4)         \
	L(amthi_certhash, 75)            \
	L(amthi_enabled, 4)              \
	L(amthi_text, 2)                 \
	L(amthi_remote_access, 14)       \
	L(amthi_lan_request, 4)          \
	L(amthi_lan, 20)                 \
	L(amthi_feature_request, 4)      \
	L(amthi_feature_state, 8)        \
	L(amthi_reset_reason, 8)         \
	L(amthi_user_interfaces, 4)      \
	L(amthi_config_server, 50)       \
	L(amthi_fqdn, 22)                \
	L(amthi_redirection_state, 4)    \
	L(amthi_uuid, 16)                \
	L(amthi_control_mode, 4)

/*
 * Requests: A(NAME, meaning, form, member, layout of the request, form, member, layout of the response), by
 * ascending command.
 */
#define SAP_AMTHI_MESSAGES(A)                                                                           \
	A(GET_AMT_STATE, "link, crypto, flash protection, last reset",                                  \
	  VALUE, state_request, amthi_state_request, VALUE, state, amthi_state)                         \
	A(GET_TCPIP_PARAMETERS, "the network's parameters",                                             \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(PROVISIONING_MODE, "how AMT is provisioned",                                                  \
	  EMPTY, none, none, VALUE, provisioning_mode, amthi_provisioning_mode)                         \
	A(UNPROVISION, "ends AMT's provisioning",                                                       \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(PROVISIONING_STATE, "how far AMT's provisioning is",                                          \
	  EMPTY, none, none, VALUE, provisioning_state, amthi_provisioning_state)                       \
	A(CODE_VERSIONS, "versions of the BIOS and of AMT's parts",                                     \
	  EMPTY, none, none, VALUE, code_versions, amthi_code_versions)                                 \
	A(SECURITY_PARAMETERS, "what is enabled",                                                       \
	  EMPTY, none, none, VALUE, security, amthi_security)                                           \
	A(GET_MAC_ADDRESSES, "AMT's and the host's MAC address",                                        \
	  EMPTY, none, none, VALUE, mac_addresses, amthi_mac_addresses)                                 \
	A(GENERATE_RNG_SEED, "has random numbers made",                                                 \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(START_CONFIGURATION, "begins provisioning",                                                   \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(ENUMERATE_HASH_HANDLES, "which hashes of certificates there are",                             \
	  EMPTY, none, none, VALUE, hash_handles, amthi_hash_handles)                                   \
	A(GET_CERTHASH_ENTRY, "one hash of a certificate",                                              \
	  VALUE, handle, amthi_handle, VALUE, certhash, amthi_certhash)                                 \
	A(RNG_SEED_STATUS, "whether random numbers can be made",                                        \
	  EMPTY, none, none, VALUE, enabled, amthi_enabled)                                             \
	A(SET_DNS_SUFFIX, "sets the DNS suffix",                                                        \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(ZERO_TOUCH_ENABLED, "whether AMT provisions by itself",                                       \
	  EMPTY, none, none, VALUE, enabled, amthi_enabled)                                             \
	A(GET_DNS_SUFFIX, "the PKI FQDN suffix",                                                        \
	  EMPTY, none, none, VALUE, text, amthi_text)                                                   \
	A(DNS_SUFFIX_LIST, "all DNS suffixes, a zero between them",                                     \
	  EMPTY, none, none, VALUE, text, amthi_text)                                                   \
	A(SET_ENTERPRISE_ACCESS, "tells AMT where it is",                                               \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(OPEN_USER_INITIATED, "opens a tunnel for the user",                                           \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(CLOSE_USER_INITIATED, "closes it",                                                            \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(REMOTE_ACCESS_STATUS, "where AMT is, and its tunnel",                                         \
	  EMPTY, none, none, VALUE, remote_access, amthi_remote_access)                                 \
	A(CURRENT_POWER_POLICY, "the power policy's name",                                              \
	  EMPTY, none, none, VALUE, text, amthi_text)                                                   \
	A(LAN_INTERFACE_SETTINGS, "of the wired or the wireless interface",                             \
	  VALUE, lan_request, amthi_lan_request, VALUE, lan, amthi_lan)                                 \
	A(GET_FEATURES_STATE, "whether a feature is active",                                            \
	  VALUE, feature_request, amthi_feature_request, VALUE, feature_state, amthi_feature_state)     \
	A(LAST_HOST_RESET_REASON, "why the host was reset, and when",                                   \
	  EMPTY, none, none, VALUE, reset_reason, amthi_reset_reason)                                   \
	A(USER_INITIATED_INTERFACES, "from where a user may open a tunnel",                             \
	  EMPTY, none, none, VALUE, user_interfaces, amthi_user_interfaces)                             \
	A(CONFIG_SERVER_DATA, "the provisioning server",                                                \
	  EMPTY, none, none, VALUE, config_server, amthi_config_server)                                 \
	A(ME_SETUP_AUDIT_RECORD, "how AMT was provisioned",                                             \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(IPV6_LAN_INTERFACE_STATUS, "IPv6 addresses",                                                  \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(GET_FQDN, "AMT's name",                                                                       \
	  EMPTY, none, none, VALUE, fqdn, amthi_fqdn)                                                   \
	A(REDIRECTION_STATE, "which redirections are enabled",                                          \
	  EMPTY, none, none, VALUE, redirection_state, amthi_redirection_state)                         \
	A(SET_HOST_FQDN, "tells AMT the host's name",                                                   \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(GET_UUID, "the machine's UUID",                                                               \
	  EMPTY, none, none, VALUE, uuid, amthi_uuid)                                                   \
	A(STOP_CONFIGURATION, "ends provisioning",                                                      \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(GET_LOCAL_SYSTEM_ACCOUNT, "an account and its password",                                      \
	  RESERVED, none, amthi_account, SECRET, secret, none)                                          \
	A(GET_CONTROL_MODE, "who controls AMT",                                                         \
	  EMPTY, none, none, VALUE, control_mode, amthi_control_mode)                                   \
	A(EHBC_STATE, "whether embedded host based configuration is on",                                \
	  EMPTY, none, none, VALUE, enabled, amthi_enabled)                                             \
	A(START_CONFIGURATION_HBASED, "begins provisioning by the host",                                \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)                                                   \
	A(GET_CIRA_LOG, "what became of tunnels",                                                       \
	  OPAQUE, opaque, none, OPAQUE, opaque, none)

#define SAP_NAMES_amthi_status(N)                                                                       \
	N(AMT, SUCCESS) N(AMT, INTERNAL_ERROR) N(AMT, NOT_READY) N(AMT, INVALID_MODE)                   \
	N(AMT, INVALID_MESSAGE_LENGTH) N(AMT, NOT_ENOUGH_STORAGE) N(AMT, NOT_PERMITTED)                 \
	N(AMT, NOT_OWNER) N(AMT, MAX_LIMIT_REACHED) N(AMT, AUTHENTICATION_FAILED) N(AMT, INVALID_IP)    \
	N(AMT, UNSUPPORTED_VERSION) N(AMT, INVALID_PROVISIONING_STATE) N(AMT, UNSUPPORTED_OBJECT)       \
	N(AMT, INVALID_PARAMETER) N(AMT, CONNECTION_FAILED) N(AMT, TOO_MANY_CONNECTIONS)                \
	N(AMT, RNG_IN_PROGRESS) N(AMT, RNG_NOT_READY) N(AMT, CERTIFICATE_NOT_READY)                     \
	N(AMT, REMOTE_ACCESS_NOT_GRANTED) N(AMT, DISABLED_BY_POLICY) N(AMT, NETWORK_ERROR)              \
	N(AMT, INVALID_COMMAND) N(AMT, INVALID_HANDLE) N(AMT, DUPLICATE) N(AMT, NOT_FOUND)
#define SAP_NAMES_amthi_mode(N)                                                                         \
	N(AMT_MODE, NONE) N(AMT_MODE, ENTERPRISE) N(AMT_MODE, SMALL_BUSINESS) N(AMT_MODE, REMOTE_ASSIST)
#define SAP_NAMES_amthi_provisioning(N)                                                                 \
	N(AMT_PROVISIONING, PRE) N(AMT_PROVISIONING, IN) N(AMT_PROVISIONING, POST)
#define SAP_NAMES_amthi_control(N)                                                                      \
	N(AMT_CONTROL, NONE) N(AMT_CONTROL, CLIENT) N(AMT_CONTROL, ADMIN)
#define SAP_NAMES_amthi_interface(N) N(AMT_INTERFACE, WIRED) N(AMT_INTERFACE, WIRELESS)
#define SAP_NAMES_amthi_dhcp(N)      N(AMT_DHCP, ACTIVE) N(AMT_DHCP, PASSIVE)
#define SAP_NAMES_amthi_feature(N)                                                                      \
	N(AMT_FEATURE, REDIRECTION) N(AMT_FEATURE, SYSTEM_DEFENSE) N(AMT_FEATURE, WEB_UI)               \
	N(AMT_FEATURE, EAC) N(AMT_FEATURE, KVM)
#define SAP_NAMES_amthi_hash(N)                                                                         \
	N(AMT_HASH, MD5) N(AMT_HASH, SHA1) N(AMT_HASH, SHA256) N(AMT_HASH, SHA384) N(AMT_HASH, SHA224)  \
	N(AMT_HASH, SHA512)
#define SAP_NAMES_amthi_network(N)                                                                      \
	N(AMT_NETWORK, DIRECT) N(AMT_NETWORK, VPN) N(AMT_NETWORK, OUTSIDE) N(AMT_NETWORK, UNKNOWN)
#define SAP_NAMES_amthi_redirection(N)    N(AMT_REDIRECT, SOL) N(AMT_REDIRECT, IDER) N(AMT_REDIRECT, KVM)
#define SAP_NAMES_amthi_user_interface(N) N(AMT_USER, BIOS) N(AMT_USER, AGENT)

/* --- MKHI: fields from the end of the header on --- */

#define SAP_FIELDS_mkhi_fw_block(F)                        \
	F(U16, minor, 1, DEC, none)                        \
	F(U8, major, 1, DEC, none)                         \
	F(U8, platform, 1, DEC, none)                      \
	F(U16, build, 1, DEC, none)                        \
	F(U16, hotfix, 1, DEC, none)

#define SAP_FIELDS_mkhi_fw_version(F)                      \
	F(BLOCKS, blocks, SAP_MKHI_FW_BLOCKS, DEC, mkhi_fw_block)

#define SAP_FIELDS_mkhi_rule_request(F)                    \
	F(U32, rule, 1, ENUM, mkhi_rule)

#define SAP_FIELDS_mkhi_rule_data(F)                       \
	F(U32, rule, 1, ENUM, mkhi_rule)                   \
	F(LENGTH8, data_len, 1, DEC, data)                 \
	F(STRING, data, SAP_MKHI_RULE_SIZE, HEX, data_len)

#define SAP_FIELDS_mkhi_boot_state(F)                      \
	F(U32, flags, 1, FLAGS, mkhi_boot)                 \
	F(U32, other, 1, HEX, none)

#define SAP_FIELDS_mkhi_number(F)                          \
	F(U32, value, 1, HEX, none)

#define SAP_MKHI_PARTS(L)          \
	L(mkhi_fw_block, 8)
#define SAP_MKHI_VALUES(L)         \
	L(mkhi_fw_version, 8)      \
	L(mkhi_rule_request, 4)    \
	L(mkhi_rule_data, 5)       \
	L(mkhi_boot_state, 8)      \
	L(mkhi_number, 4)

/* Requests, in the same way. */
#define SAP_MKHI_MESSAGES(A)                                                                            \
	A(GET_RULE, "a capability of the firmware",                                                     \
	  VALUE, rule_request, mkhi_rule_request, VALUE, rule, mkhi_rule_data)                          \
	A(SET_OS_VER, "which OS runs",                                                                  \
	  VALUE, rule, mkhi_rule_data, OPAQUE, opaque, none)                                            \
	A(GET_MKHI_VERSION, "the version of MKHI",                                                      \
	  EMPTY, none, none, OPAQUE, opaque, none)                                                      \
	A(GET_FW_VERSION, "versions of the firmware",                                                   \
	  EMPTY, none, none, VALUE, fw_version, mkhi_fw_version)                                        \
	A(BOOT_STATE, "how far the machine has booted",                                                 \
	  EMPTY, none, none, VALUE, boot_state, mkhi_boot_state)                                        \
	A(IMAGE_TYPE, "which kind of image",                                                            \
	  EMPTY, none, none, VALUE, number, mkhi_number)                                                \
	A(EOP_STATE, "whether the BIOS is done",                                                        \
	  EMPTY, none, none, VALUE, number, mkhi_number)

#define SAP_NAMES_mkhi_rule(N)                                                                          \
	N(MKHI_RULE, SKU) N(MKHI_RULE, FW_UPDATE) N(MKHI_RULE, PLATFORM_TYPE) N(MKHI_RULE, ENABLED)     \
	N(MKHI_RULE, AVAILABLE)
#define SAP_NAMES_mkhi_boot(N) N(MKHI_BOOT, EOP) N(MKHI_BOOT, CBD)

#define SAP_MEI_NAME_LISTS(L)                                                                           \
	L(hbm_status) L(hbm_stop_reason) L(hbm_enum_flag) L(hbm_capability) L(hbm_client_flag)          \
	L(amthi_status) L(amthi_mode) L(amthi_provisioning) L(amthi_control) L(amthi_interface)         \
	L(amthi_dhcp) L(amthi_feature) L(amthi_hash) L(amthi_network) L(amthi_redirection)              \
	L(amthi_user_interface) L(mkhi_rule) L(mkhi_boot)

/* clang-format on */

#endif
