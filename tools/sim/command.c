// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "words.h"

/* clang-format off */
static const struct sap_name force_list[] = {{1, "--force"}};
static const struct sap_names force_words = {force_list, 1};

#define ARG(n, k)             .name = (n), .kind = SIM_KIND_##k
#define NEEDED                .needed = true
#define BARE                  .bare = true
#define CONN                  {ARG("ssid", SSID), NEEDED}, {ARG("bssid", MAC), NEEDED}, \
                              {ARG("channel", NUMBER), .most = 255}, \
                              {ARG("auth", WORD), .words = &sim_words_auth}, \
                              {ARG("cipher", WORD), .words = &sim_words_cipher}, \
                              {ARG("band", WORD), .words = &sim_words_band}
#define WORD_OF(n, list)      {ARG(n, WORD), NEEDED, BARE, .words = &(list)}
#define HOST(i, w, h)         .id = SIM_HOST_##i, .role = SIM_ROLE_HOST, .words = (w), .help = (h)
#define CSME(i, w, h)         .id = SIM_CSME_##i, .role = SIM_ROLE_CSME, .words = (w), .help = (h)
#define WORLD(i, w, h)        .id = SIM_##i, .role = SIM_ROLE_WORLD, .words = (w), .help = (h)
#define ARGS(...)             .args = {__VA_ARGS__}

/* Longer words come before shorter ones that they start with. */
static const struct sim_verb verbs[] = {
	{HOST(UP, "up", "maps, connects, does the handshake")},
	{HOST(DOWN, "down", "says HOST_GOES_DOWN and gives everything back")},
	{HOST(DRIVER_UP, "driver up", "the WLAN driver is there")},
	{HOST(DRIVER_DOWN, "driver down", "the WLAN driver goes, and its device with it")},
	{HOST(DEVICE_UP, "device up", "the driver touches the NIC")},
	{HOST(DEVICE_DOWN, "device down", "the driver lets go of the NIC")},
	{HOST(OWN, "own", "wants the NIC, and asks for it")},
	{HOST(DISOWN, "disown", "does not want it any more")},
	{HOST(DOOR, "door", "asks for the NIC by its register")},
	{HOST(PROFILE, "profile", "which access point the driver joins as soon as it has the NIC"),
	 ARGS(CONN)},
	{HOST(REACTS, "reacts", "whether the driver does by itself what events ask of it"),
	 ARGS(WORD_OF("whether", sim_words_on))},
	{HOST(TAKES, "takes", "how long the driver's device takes to go down, to join, to get an address"),
	 ARGS({ARG("leave", TIME)}, {ARG("join", TIME)}, {ARG("address", TIME)})},
	{HOST(LINK_UP, "link up", "the host joined"),
	 ARGS(CONN)},
	{HOST(LINK_DOWN, "link down", "the host left its access point"),
	 ARGS({ARG("type", WORD), .words = &sim_words_down}, {ARG("reason", NUMBER), .most = 65535})},
	{HOST(COUNTRY, "country", "where the host is"),
	 ARGS({ARG("country", COUNTRY), NEEDED, BARE})},
	{HOST(SAR, "sar", "limits of transmit power"),
	 ARGS({ARG("limits", LIMITS), NEEDED, BARE})},
	{HOST(NIC_INFO, "nic-info", "the NIC's addresses"),
	 ARGS({ARG("mac", MAC), NEEDED}, {ARG("nvm", MAC)})},
	{HOST(RADIO, "radio", "which rfkill switches are on"),
	 ARGS({ARG("switches", FLAGS), NEEDED, BARE, .words = &sim_words_radio})},
	{HOST(NVM, "nvm", "asks for NVM")},
	{HOST(PLDR_END, "pldr end", "the product reset is over"),
	 ARGS({ARG("result", WORD), BARE, .words = &sim_words_result})},
	{HOST(PLDR, "pldr", "asks CSME to stay off the NIC for a product reset")},
	{HOST(PING, "ping", "sends a PING")},
	{HOST(SUSPEND, "suspend", "goes to sleep"),
	 ARGS({ARG("flags", FLAGS), BARE, .words = &sim_words_suspend})},
	{HOST(RESUME, "resume", "woke up")},
	{HOST(NET, "net", "tells what its network counted")},

	{CSME(START, "start", "waits for a host, again and again")},
	{CSME(STOP, "stop", "gives everything back")},
	{CSME(AMT, "amt", "CSME networking goes on or off"),
	 ARGS(WORD_OF("state", sim_words_on))},
	{CSME(TAKE, "take", "takes the NIC; by force: without waiting for the host"),
	 ARGS({ARG("how", WORD), BARE, .words = &force_words})},
	{CSME(RELEASE, "release", "tells the host that it may ask for the NIC")},
	{CSME(POLICY, "policy", "what to do with requests"),
	 ARGS(WORD_OF("policy", sim_words_policy))},
	{CSME(ANSWER, "answer", "answers the requests that wait (policy ask)"),
	 ARGS(WORD_OF("answer", sim_words_grant))},
	{CSME(CONN, "conn", "the access point that CSME is on, or joins"),
	 ARGS(CONN)},
	{CSME(PROTECT, "protect", "link protection"),
	 ARGS(WORD_OF("state", sim_words_on))},
	{CSME(SESSION, "session", "a management session, which keeps the register's door shut"),
	 ARGS(WORD_OF("state", sim_words_open))},
	{CSME(FILTERS, "filters", "the payload of CSME_FILTERS, from a file"),
	 ARGS({ARG("file", TEXT), NEEDED, BARE})},
	{CSME(NVM, "nvm", "what NVM says"),
	 ARGS({ARG("mac", MAC), NEEDED},
	      {ARG("addresses", NUMBER), .most = 255}, {ARG("version", NUMBER)})},
	{CSME(PLDR, "pldr", "what is answered to PLDR"),
	 ARGS(WORD_OF("answer", sim_words_grant))},
	{CSME(IP_REFRESH, "ip-refresh", "has the host renew its address")},
	{CSME(PING, "ping", "sends a PING")},
	{CSME(NET, "net", "tells what its network counted")},
	{CSME(BUS_RESET, "bus reset", "its whole firmware resets itself: every connection ends")},
	{CSME(BUS_STOP, "bus stop", "the firmware asks the host to stop")},
	{CSME(BUS_ADD, "bus add", "a client comes"), ARGS(WORD_OF("client", sim_words_client))},
	{CSME(BUS_REMOVE, "bus remove", "a client goes"), ARGS(WORD_OF("client", sim_words_client))},
	{CSME(BUS_DROP, "bus drop", "disconnects a client's applications"), ARGS(WORD_OF("client", sim_words_client))},
	{CSME(BUS_NOTIFY, "bus notify", "notifies those that want it"), ARGS(WORD_OF("client", sim_words_client))},

	{WORLD(WAIT_IDLE, "wait idle", "until nothing has happened for 250 ms; 10 s at most")},
	{WORLD(WAIT, "wait", "lets time pass"),
	 ARGS({ARG("time", TIME), NEEDED, BARE})},
	{WORLD(EXPECT_OWNER, "expect owner", "who owns the NIC by the table"),
	 ARGS(WORD_OF("owner", sim_words_owner))},
	{WORLD(EXPECT_NO_OVERLAP, "expect no-overlap", "no alarm is up, and none was raised without an excuse")},
	{WORLD(EXPECT_NOT, "expect-not", "no such event from now on, for so long")},
	{WORLD(EXPECT, "expect", "such an event, since the last command of an engine")},
	{WORLD(FAULT, "fault", "something goes wrong (see Faults)"),
	 ARGS(WORD_OF("fault", sim_words_fault))},
	{WORLD(PACKET, "packet", "a frame goes into that side's lane"),
	 ARGS(WORD_OF("side", sim_words_side),
	      {ARG("frame", HEX), NEEDED, BARE})},
	{WORLD(STEP, "step", "tells a step of a story, and who does it"),
	 ARGS({ARG("number", NUMBER), NEEDED, BARE},
	      {ARG("actor", TEXT), NEEDED, BARE},
	      {ARG("text", TEXT), NEEDED, BARE})},
	{WORLD(NOTE, "note", "tells something"),
	 ARGS({ARG("text", TEXT), NEEDED, BARE})},
	{WORLD(QUIT, "quit", "ends here: what is left of a script is not played, and a program ends")},
};
/* clang-format on */

const struct sim_verb *sim_verb_at(uint32_t index)
{
	return index < sizeof(verbs) / sizeof(verbs[0]) ? &verbs[index] : NULL;
}

const char *sim_role_word(enum sim_role role)
{
	return role == SIM_ROLE_HOST ? "host" : role == SIM_ROLE_CSME ? "csme" : "";
}

uint32_t sim_role_alone(uint32_t roles)
{
	uint32_t sides = roles & (SIM_ROLE_HOST | SIM_ROLE_CSME);

	return sides == (SIM_ROLE_HOST | SIM_ROLE_CSME) ? 0 : sides;
}

int sim_verb_arg(const struct sim_verb *verb, const char *name, size_t len)
{
	for (int i = 0; verb->args[i].name; i++) {
		if (strlen(verb->args[i].name) == len && memcmp(verb->args[i].name, name, len) == 0)
			return i;
	}
	return -1;
}

static void usage_of_arg(const struct sim_arg *arg, char *out, size_t size)
{
	char shape[200];

	if (arg->words == &sim_words_fault)
		snprintf(shape, sizeof(shape), "NAME");
	else if (arg->kind == SIM_KIND_TEXT)
		snprintf(shape, sizeof(shape), "\"%s\"", arg->name);
	else
		sim_value_shape(arg, shape, sizeof(shape));
	snprintf(out, size, "%s%s%s%s%s", arg->needed ? " " : " [", arg->bare ? "" : arg->name,
		 arg->bare ? "" : "=", shape, arg->needed ? "" : "]");
}

void sim_verb_usage(const struct sim_verb *verb, char *out, size_t size)
{
	const char *role = sim_role_word(verb->role);
	size_t used = (size_t)snprintf(out, size, "%s%s%s", role, *role ? " " : "", verb->words);

	if (verb->id == SIM_EXPECT || verb->id == SIM_EXPECT_NOT)
		snprintf(out + used, size - used, " [host|csme|nic] EVENT [KEY=VALUE...] [within TIME]%s",
			 verb->id == SIM_EXPECT ? " [as N \"actor\" \"text\"]" : "");
	for (int i = 0; verb->args[i].name && used < size; i++) {
		usage_of_arg(&verb->args[i], out + used, size - used);
		used += strlen(out + used);
	}
	if (verb->id == SIM_EXPECT_OWNER && used < size)
		snprintf(out + used, size - used, " [within TIME]");
}
