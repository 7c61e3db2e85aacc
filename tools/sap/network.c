// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* --- the command line --- */

#define USUAL_MAC "02:00:00:00:09:05"

struct network_table network_options(struct network_options *o, enum sim_side side)
{
	const struct poptOption both[] = {
		{"nic", 'n', POPT_ARG_STRING, &o->nic, 0, "the NIC's air: a TAP device with several queues",
		 "DEVICE"},
		{"mac", 'M', POPT_ARG_STRING, &o->mac, 0, "the NIC's address (default: " USUAL_MAC ")",
		 "MAC"},
	};
	const struct poptOption host[] = {
		{"tap", 't', POPT_ARG_STRING, &o->tap, 0, "the device to give to the host's own stack",
		 "DEVICE"},
	};
	const struct poptOption csme[] = {
		{"address", 'A', POPT_ARG_STRING, &o->address, 0,
		 "CSME's IPv4 address (default: learnt from the host's DHCP)", "A.B.C.D/N"},
		{"gateway", 'g', POPT_ARG_STRING, &o->gateway, 0, "its router", "A.B.C.D"},
		{"address6", '6', POPT_ARG_STRING, &o->address6, 0,
		 "an IPv6 address, beside those that routers offer", "ADDRESS"},
	};
	struct network_table table;

	memset(&table, 0, sizeof(table));
	memcpy(table.option, both, sizeof(both));
	if (side == SIM_HOST)
		memcpy(table.option + 2, host, sizeof(host));
	else
		memcpy(table.option + 2, csme, sizeof(csme));
	return table;
}

static bool read_ipv4(const char *text, uint32_t *address)
{
	struct in_addr in;

	if (inet_pton(AF_INET, text, &in) != 1)
		return false;
	*address = ntohl(in.s_addr);
	return true;
}

/* "10.9.0.5/24": a host's address there, and the mask. */
static bool read_address(const char *text, uint32_t *address, uint32_t *mask)
{
	const char *slash = strchr(text, '/');
	char alone[INET_ADDRSTRLEN] = "", *end;
	unsigned long bits;

	if (!slash || (size_t)(slash - text) >= sizeof(alone))
		return false;
	memcpy(alone, text, (size_t)(slash - text));
	bits = strtoul(slash + 1, &end, 10);
	if (end == slash + 1 || *end || slash[1] < '0' || slash[1] > '9' || bits < 1 || bits > 32)
		return false;
	*mask = bits == 32 ? UINT32_MAX : ~(UINT32_MAX >> bits);
	return read_ipv4(alone, address) && *address;
}

static bool wrong_mac(struct network_options *o, const struct cli_about *about)
{
	const struct sim_arg arg = {.name = "mac", .kind = SIM_KIND_MAC};
	struct sim_value value;
	char why[SIM_WHY];

	if (!sim_value_read(&arg, o->mac ? o->mac : USUAL_MAC, &value, why))
		return cli_wrong(about, "--mac: %s", why) != OUTCOME_OK;
	if (value.mac.bytes[0] & 1)
		return cli_wrong(about, "--mac: %s is the address of a group", o->mac) != OUTCOME_OK;
	o->settings.mac = value.mac;
	return false;
}

static bool wrong_addresses(struct network_options *o, const struct cli_about *about)
{
	struct csme_net_settings *s = &o->settings;

	s->has_ipv4 = o->address;
	s->has_ipv6 = o->address6;
	if (o->address && !read_address(o->address, &s->ipv4, &s->mask))
		return cli_wrong(about, "--address takes A.B.C.D/N, not '%s'", o->address) != OUTCOME_OK;
	if (o->gateway && (!o->address || !read_ipv4(o->gateway, &s->router)))
		return cli_wrong(about, "--gateway takes A.B.C.D, and needs --address") != OUTCOME_OK;
	if (o->address6 && inet_pton(AF_INET6, o->address6, s->ipv6) != 1)
		return cli_wrong(about, "--address6 takes an IPv6 address, not '%s'", o->address6) !=
		       OUTCOME_OK;
	return false;
}

bool network_options_wrong(struct network_options *o, enum sim_side side, const struct cli_about *about)
{
	if (!o->nic && (o->tap || o->mac || o->address || o->gateway || o->address6))
		return cli_wrong(about, "without --nic there is no network, and nothing to say about it") !=
		       OUTCOME_OK;
	if (o->nic && side == SIM_HOST && !o->tap)
		return cli_wrong(about, "--nic needs --tap: a device for the host's own stack") != OUTCOME_OK;
	if (o->tap && (!*o->tap || strlen(o->tap) >= IF_NAMESIZE))
		return cli_wrong(about, "--tap takes a device's name, of at most %d bytes",
				 IF_NAMESIZE - 1) != OUTCOME_OK;
	return wrong_mac(o, about) || wrong_addresses(o, about);
}

void network_options_free(struct network_options *o)
{
	free(o->nic);
	free(o->tap);
	free(o->mac);
	free(o->address);
	free(o->gateway);
	free(o->address6);
}

/* --- opening --- */

static const char *hint_for(int error, bool is_nic)
{
	if (error == EINVAL && is_nic)
		return "; it must be a TAP device with several queues: ip tuntap add DEVICE mode tap multi_queue";
	if (error == EINVAL)
		return "; if it is there already, it must be a TAP device with one queue";
	if (error == EPERM || error == EACCES)
		return "; that needs CAP_NET_ADMIN, or a device that is yours, and /dev/net/tun";
	return "";
}

static enum outcome cannot(const char *command, const char *what, int error, bool is_nic)
{
	fprintf(stderr, "%s: %s: %s%s\n", command, what, strerror(error), hint_for(error, is_nic));
	return OUTCOME_FILE;
}

static int open_csme(struct network *network, const struct network_options *o, struct sim_site *site,
		     const char **why)
{
#ifdef NET_HAVE_STACK
	return csme_net_init(&network->csme, network->party, site, o->nic, &o->settings, why);
#else
	(void)network;
	(void)o;
	(void)site;
	*why = "a TCP/IP stack for CSME (built without lwIP)";
	return -ENOSYS;
#endif
}

enum outcome network_open(struct network *network, const char *command, const struct network_options *o,
			  enum sim_side side, struct sim_party *party, struct sim_site *site)
{
	const char *why = "";
	int result;

	memset(network, 0, sizeof(*network));
	network->side = side;
	network->party = party;
	network->command = command;
	if (!o->nic)
		return OUTCOME_OK;
	if (side == SIM_HOST)
		result = host_net_init(&network->host, party, site, o->nic, o->tap, &o->settings.mac, &why);
	else
		result = open_csme(network, o, site, &why);
	if (result < 0)
		return cannot(command, why, -result, why == o->nic);
	network->on = true;
	if (side == SIM_HOST) {
		site->door = host_net_door;
		site->self = &network->host;
	}
	return OUTCOME_OK;
}

void network_close(struct network *network)
{
	if (network->on && network->side == SIM_HOST)
		host_net_close(&network->host);
#ifdef NET_HAVE_STACK
	else if (network->on)
		csme_net_close(&network->csme);
#endif
	network->on = false;
}

/* --- running --- */

static const struct net_ways *ways_of(const struct network *network)
{
	return network->side == SIM_HOST ? &network->host.ways : &network->csme.ways;
}

/*
 * The NIC is only this side's picture of it, but an overlap is what the kernel counted. CSME comes to it only if
 * it took the NIC without waiting; for a host there is no excuse.
 */
static void paint_overlap(struct network *network, uint64_t now)
{
	struct sim_nic *nic = &network->party->site->nic;
	bool overlap = ways_of(network)->air.overlap;

	if (overlap == network->overlap)
		return;
	network->overlap = overlap;
	if (network->side == SIM_HOST) {
		sim_nic_touch(nic, SIM_CSME, overlap, now);
	} else {
		nic->touches[SIM_HOST] = overlap;
		sim_nic_set_owner(nic, nic->owner, true, now);
	}
	sim_site_tell_changes(network->party->site, now);
}

/* That it cannot drive the NIC, once for each reason. */
static void tell_error(struct network *network)
{
	const struct net_ways *ways = ways_of(network);

	if (ways->error == network->error)
		return;
	network->error = ways->error;
	if (ways->error)
		(void)cannot(network->command, ways->air.name, -ways->error, true);
}

void network_round(struct network *network, uint64_t now)
{
	if (!network->on)
		return;
	if (network->side == SIM_HOST)
		host_net_round(&network->host, now);
#ifdef NET_HAVE_STACK
	else
		csme_net_round(&network->csme, now);
#endif
	paint_overlap(network, now);
	tell_error(network);
}

uint32_t network_poll(const struct network *network, struct pollfd fds[NET_FDS])
{
	if (!network->on)
		return 0;
#ifdef NET_HAVE_STACK
	if (network->side == SIM_CSME)
		return csme_net_poll(&network->csme, fds);
#endif
	return host_net_poll(&network->host, fds);
}

uint64_t network_deadline(const struct network *network, uint64_t now)
{
	if (!network->on)
		return SIM_NEVER;
#ifdef NET_HAVE_STACK
	if (network->side == SIM_CSME)
		return csme_net_deadline(&network->csme, now);
#endif
	return host_net_deadline(&network->host, now);
}

/* --- telling --- */

static int write_host(const struct host_net *net, char *out, size_t size)
{
	const struct host_net_counters *c = &net->counters;
	const struct sap_packets_counters *lane = &net->ways.party->lane.counters;

	return snprintf(out, size,
			" to_stack=%" PRIu64 " to_stack_lost=%" PRIu64 " from_stack=%" PRIu64
			" from_stack_off=%" PRIu64 " from_csme=%" PRIu64 " to_csme=%" PRIu32 " both=%" PRIu32
			" no_room=%" PRIu32 " dhcp=%" PRIu32 " waits=%" PRIu64,
			c->to_stack, c->to_stack_lost, c->from_stack, c->from_stack_off, c->from_csme,
			lane->rx_csme, lane->rx_both, lane->rx_given_back, lane->tx_copied, c->waits);
}

static int write_csme(const struct csme_net *net, char *out, size_t size)
{
	const struct csme_net_counters *c = &net->counters;
	const struct in_addr in = {htonl(net->addresses.ipv4)};
	char address[INET_ADDRSTRLEN] = "";

	(void)inet_ntop(AF_INET, &in, address, sizeof(address));
	return snprintf(out, size,
			" in_direct=%" PRIu64 " in_sap=%" PRIu64 " out_direct=%" PRIu64 " out_sap=%" PRIu64
			" out_off=%" PRIu64 " waits=%" PRIu64 " kept_out=%" PRIu64 " dhcp=%" PRIu64
			" connections=%" PRIu32 " address=%s",
			c->in_direct, c->in_sap, c->out_direct, c->out_sap, c->out_off, c->waits, c->kept_out,
			c->dhcp, net->connections, address);
}

bool network_write(const struct network *network, char out[NETWORK_TEXT])
{
	const struct sap_packets_counters *lane = &network->party->lane.counters;
	const struct net_air *air;
	size_t n;

	if (!network->on)
		return false;
	air = &ways_of(network)->air;
	n = (size_t)snprintf(out, NETWORK_TEXT,
			     "net attached=%d times=%" PRIu32 " overlaps=%" PRIu32 " in=%" PRIu64
			     " out=%" PRIu64 " foreign=%" PRIu64 " refused=%" PRIu64 " lost=%" PRIu64,
			     air->attached, air->counters.attached, air->counters.overlaps, air->counters.in,
			     air->counters.out, air->counters.foreign, air->counters.refused,
			     air->counters.lost);
	n += (size_t)snprintf(out + n, NETWORK_TEXT - n,
			      " lane_out=%" PRIu32 " lane_in=%" PRIu32 " lane_full=%" PRIu32
			      " lane_bad=%" PRIu32,
			      lane->sent, lane->received, lane->send_no_room,
			      lane->corrupt + lane->recv_unknown + lane->recv_bad_size +
				      lane->recv_too_short + lane->recv_too_long + lane->send_bad_size);
	if (network->side == SIM_HOST)
		(void)write_host(&network->host, out + n, NETWORK_TEXT - n);
	else
		(void)write_csme(&network->csme, out + n, NETWORK_TEXT - n);
	return true;
}
