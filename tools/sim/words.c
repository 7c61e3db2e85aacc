// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "words.h"

#include <sap/csme.h>
#include <sap/host.h>

#include "nic.h"

#define WORDS(name, ...)                                            \
	static const struct sap_name name##_list[] = {__VA_ARGS__}; \
	const struct sap_names sim_words_##name = {name##_list, sizeof(name##_list) / sizeof(name##_list[0])}

WORDS(on, {0, "off"}, {1, "on"});
WORDS(yes, {0, "no"}, {1, "yes"});
WORDS(open, {0, "close"}, {1, "open"});
WORDS(grant, {0, "refuse"}, {1, "grant"});
WORDS(owner, {SAP_OWNER_UNKNOWN, "unknown"}, {SAP_OWNER_HOST, "host"}, {SAP_OWNER_CSME, "csme"});
WORDS(side, {SIM_HOST, "host"}, {SIM_CSME, "csme"});
WORDS(reason, {SAP_REASON_NONE, "none"}, {SAP_REASON_REFUSED, "refused"}, {SAP_REASON_TIMEOUT, "timeout"},
      {SAP_REASON_TAKEN, "taken"}, {SAP_REASON_DOWN, "down"});
WORDS(auth, {SAP_AUTH_OPEN, "open"}, {SAP_AUTH_RSNA, "rsna"}, {SAP_AUTH_RSNA_PSK, "rsna-psk"},
      {SAP_AUTH_SAE, "sae"});
WORDS(cipher, {SAP_CIPHER_NONE, "none"}, {SAP_CIPHER_TKIP, "tkip"}, {SAP_CIPHER_CCMP, "ccmp"},
      {SAP_CIPHER_GCMP, "gcmp"}, {SAP_CIPHER_GCMP256, "gcmp256"});
WORDS(band, {SAP_BAND_2GHZ4, "2.4GHz"}, {SAP_BAND_5GHZ, "5GHz"}, {SAP_BAND_6GHZ, "6GHz"});
WORDS(down, {SAP_LINK_DOWN_NONE, "none"}, {SAP_LINK_DOWN_TEMPORARY, "temporary"},
      {SAP_LINK_DOWN_LONG, "long"});
WORDS(suspend, {SAP_SUSPEND_OFFER_NIC, "offer-nic"}, {SAP_SUSPEND_FILTER_CONFIGURED, "filters"},
      {SAP_SUSPEND_NLO_CONFIGURED, "network-list"}, {SAP_SUSPEND_HOST_OWNS_NIC, "host-owns"},
      {SAP_SUSPEND_LINK_PROTECTED, "protected"});
WORDS(radio, {SAP_RADIO_SW_ON, "sw"}, {SAP_RADIO_HW_ON, "hw"});
WORDS(policy, {SAP_POLICY_GRANT, "grant"}, {SAP_POLICY_REFUSE, "refuse"}, {SAP_POLICY_ASK, "ask"},
      {SAP_POLICY_IGNORE, "ignore"});
/* As a firmware has them in its table: tools/sap/firmware_settings.h. */
WORDS(client, {0, "wlan"}, {1, "amthi"}, {2, "mkhi"}, {3, "mkhi_fixed"}, {4, "echo"});
WORDS(result, {SAP_PLDR_SUCCESS, "success"}, {SAP_PLDR_FAILURE, "failure"});

/* As sap_status_name() says them; what a status is negative for does not matter here. */
#define STATUS(name)                         \
	{                                    \
		(uint32_t) SAP_##name, #name \
	}
WORDS(status, STATUS(OK), STATUS(INVALID), STATUS(BAD_VALUE), STATUS(NOT_OPEN), STATUS(NOT_UP),
      STATUS(WRONG_STATE), STATUS(TOO_SHORT), STATUS(CORRUPT), STATUS(BAD_MAGIC), STATUS(BAD_VERSION),
      STATUS(BAD_LAYOUT), STATUS(CLOSED), STATUS(UNSUPPORTED), STATUS(IO), STATUS(NO_ROOM), STATUS(TOO_LONG),
      STATUS(AGAIN), STATUS(BUSY));
