// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The filters beside libpcap's bpf_filter(): how long does it take to say whether CSME wants a frame?
 *
 * The peer is a program that pcap_compile() makes, and optimises, of an expression that says the same of a frame:
 * yes or no. Ours says which filter decided too, and walks over extension headers of IPv6, which the expression
 * does not. Both are run over the same frames, and have to agree on each before any is timed.
 *
 * A class is frames of one kind that differ in their ports and addresses' rest. The candidates take turns, the
 * order of which rotates. What counts is the quickest hundredth of each one's rounds: whatever else the machine does
 * can only add, and adds more to who keeps the processor busier, as the median of the ratios shows beside it.
 * Prints, and fails only if the two disagree.
 *
 * A call that does nothing is measured too: no ratio can be below what it takes.
 */
#define _DEFAULT_SOURCE /* pcap.h wants u_int */

#include <sap/filter.h>

#include <pcap/pcap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	ROUNDS = 201, /* short ones: others use the machine too */
	FRAMES = 256, /* of a class */
	FRAME = 124,  /* and its length: two lines of a cache, of which headers take one */
	FLEX = 14,
	LOW24 = 0x0a0b0c,
	VLAN = 7,
	FIRST_PORT = 16992,
};

static const uint32_t our_address = 0xc0000201; /* 192.0.2.1 */
static const double seconds_each = 0.0003;

struct frame {
	uint32_t len;
	uint8_t bytes[FRAME];
};

/* --- filters, and the expression that says the same --- */

/* Flex filters as they are in the field: ports of TCP, some of UDP, all of them for our addresses. */
static bool is_udp(uint32_t i)
{
	return i % 4 == 3;
}

static void make_filter(struct sap_filter *filter, uint32_t n)
{
	static const uint8_t groups[2][6] = {{1, 0, 0x5e, 0, 0, 0xfb}, {0x33, 0x33, 0, 0, 0, 1}};
	struct sap_oob_filters oob;

	memset(&oob, 0, sizeof(oob));
	for (uint32_t i = 0; i < n; i++) {
		oob.flex[i].dst_port = (uint16_t)(FIRST_PORT + i);
		oob.flex[i].flags = SAP_FLEX_ENABLED | SAP_FLEX_IPV4 | SAP_FLEX_IPV6;
		oob.flex[i].flags |= is_udp(i) ? SAP_FLEX_UDP : SAP_FLEX_TCP;
	}
	for (uint32_t i = 0; i < 2; i++) {
		memcpy(oob.eth[i].mac_address.bytes, groups[i], 6);
		oob.eth[i].flags = SAP_ETH_ENABLED;
	}
	oob.ipv4.ipv4_addr = our_address;
	oob.ipv4.flags = SAP_IPV4_ICMP_PASS | SAP_IPV4_ARP_REQUEST_PASS | SAP_IPV4_ARP_REPLY_PASS;
	oob.ipv6[0].addr_lo24[0] = LOW24 >> 16;
	oob.ipv6[0].addr_lo24[1] = (LOW24 >> 8) & 0xff;
	oob.ipv6[0].addr_lo24[2] = LOW24 & 0xff;
	oob.ipv6[0].flags = SAP_IPV6_ENABLED;
	oob.icmpv6_flags = SAP_ICMPV6_ENABLED;
	oob.vlan[0] = SAP_VLAN_ENABLED | VLAN;
	sap_filter_set(filter, &oob);
}

struct text {
	char bytes[16384];
	size_t len;
};

static void say(struct text *t, const char *more)
{
	size_t n = strlen(more);

	if (t->len + n >= sizeof(t->bytes))
		abort();
	memcpy(t->bytes + t->len, more, n + 1);
	t->len += n;
}

static void say_ports(struct text *t, uint32_t n, bool udp)
{
	char part[64];
	bool any = false;

	for (uint32_t i = 0; i < n; i++) {
		if (is_udp(i) != udp)
			continue;
		snprintf(part, sizeof(part), "%s%s dst port %u", any ? " or " : "", udp ? "udp" : "tcp",
			 (unsigned)(FIRST_PORT + i));
		say(t, part);
		any = true;
	}
	if (!any)
		say(t, "ether[0] = 0xee"); /* no such filter */
}

static void say_all_ports(struct text *t, uint32_t n)
{
	say(t, "(");
	say_ports(t, n, false);
	say(t, " or ");
	say_ports(t, n, true);
	say(t, ")");
}

/* Lengths that hold, as ours looks at them: a program that believes them would not say the same. */
static void say_sound_ipv4(struct text *t, uint32_t upper, uint32_t before)
{
	char part[256];

	snprintf(
		part, sizeof(part),
		"ip[0] & 0xf0 = 0x40 and ip[0] & 0xf >= 5 and ip[2:2] >= 4 * (ip[0] & 0xf) + %u and ip[2:2] <= len - %u",
		(unsigned)upper, (unsigned)before);
	say(t, part);
}

static void say_sound_ipv6(struct text *t, uint32_t upper, uint32_t before)
{
	char part[256];

	snprintf(part, sizeof(part), "ip6[0] & 0xf0 = 0x60 and ip6[4:2] >= %u and ip6[4:2] <= len - %u",
		 (unsigned)upper, (unsigned)(before + 40));
	say(t, part);
}

static void say_ipv4(struct text *t, uint32_t n, uint32_t header)
{
	say(t, "(ip and ip dst host 192.0.2.1 and ");
	say_sound_ipv4(t, 4, header);
	say(t, " and ");
	say_all_ports(t, n);
	say(t,
	    ") or (icmp and ip dst host 192.0.2.1 and ip[6:2] & 0x1fff = 0 and not icmp[0:2] = 0x0800 and ");
	say_sound_ipv4(t, 2, header);
	say(t, ")");
}

static void say_ipv6(struct text *t, uint32_t n, uint32_t header)
{
	say(t, "(ip6 and ip6[36:4] & 0xffffff = 0x0a0b0c and ");
	say_sound_ipv6(t, 4, header);
	say(t, " and ");
	say_all_ports(t, n);
	say(t, ") or (ip6 and ip6[6] = 58 and (ip6[36:4] & 0xffffff = 0x0a0b0c or ether[0] & 1 = 1) and "
	       "not ip6[40:2] = 0x8000 and ");
	say_sound_ipv6(t, 2, header);
	say(t, ")");
}

static void say_types(struct text *t, uint32_t n, uint32_t header)
{
	say(t, "(");
	say_ipv4(t, n, header);
	say(t, " or ");
	say_ipv6(t, n, header);
	say(t, " or (arp and arp[0:4] = 0x00010800 and arp[4:2] = 0x0604 and "
	       "((arp[6:2] = 1 and arp[24:4] = 0xc0000201) or arp[6:2] = 2)))");
}

static void say_frame(struct text *t, uint32_t n, uint32_t header)
{
	say(t, "(ether[0] & 1 = 0 or ether dst ff:ff:ff:ff:ff:ff or ether dst 01:00:5e:00:00:fb or "
	       "ether dst 33:33:00:00:00:01 or (ip6 and ether dst 33:33:ff:0a:0b:0c)) and ");
	say_types(t, n, header);
}

static void make_program(struct bpf_program *program, uint32_t n)
{
	static struct text t;
	pcap_t *dead = pcap_open_dead(DLT_EN10MB, 65535);

	t.len = 0;
	say(&t, "(");
	say_frame(&t, n, 14);
	say(&t, ") or (vlan 7 and ");
	say_frame(&t, n, 18);
	say(&t, ")");
	if (!dead || pcap_compile(dead, program, t.bytes, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		fprintf(stderr, "pcap_compile: %s\n", dead ? pcap_geterr(dead) : "no memory");
		exit(1);
	}
	pcap_close(dead);
}

/* --- frames --- */

static uint32_t state = 0x12345678;

static uint32_t number(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void put(struct frame *f, uint32_t value, uint32_t n)
{
	while (n--)
		f->bytes[f->len++] = (uint8_t)(value >> (8 * n));
}

static void put_ethernet(struct frame *f, const char *to, uint32_t type)
{
	memset(f, 0, sizeof(*f));
	memcpy(f->bytes, to, 6);
	f->len = 6;
	put(f, 0x02000000, 4);
	put(f, number(), 2);
	put(f, type, 2);
}

static const char unicast[] = "\x02\x11\x22\x33\x44\x55";
static const char broadcast[] = "\xff\xff\xff\xff\xff\xff";

static void put_ipv4(struct frame *f, uint32_t protocol, uint32_t src, uint32_t dst)
{
	put(f, 0x45000000 | 46, 4);
	put(f, number() << 16, 4);
	put(f, 0x40000000 | protocol << 16, 4);
	put(f, 0xc6336400 | (number() & 255), 4);
	put(f, our_address, 4);
	put(f, src, 2);
	put(f, dst, 2);
	f->len += 22;
}

static void put_ipv6(struct frame *f, uint32_t protocol, uint32_t src, uint32_t dst)
{
	put(f, 0x60000000, 4);
	put(f, 20u << 16 | protocol << 8 | 64, 4);
	put(f, 0x20010db8, 4);
	f->len += 8;
	put(f, number(), 4);
	put(f, 0x20010db8, 4);
	f->len += 8;
	put(f, LOW24, 4);
	put(f, src, 2);
	put(f, dst, 2);
	f->len += 16;
}

/* A port of the ephemeral range, as what comes to clients and to the host has. */
static uint32_t any_port(void)
{
	return 32768 + number() % 28000;
}

static void tcp_first(struct frame *f)
{
	put_ethernet(f, unicast, 0x0800);
	put_ipv4(f, 6, any_port(), FIRST_PORT);
}

static void tcp_last(struct frame *f)
{
	put_ethernet(f, unicast, 0x0800);
	put_ipv4(f, 6, any_port(), FIRST_PORT + FLEX - 1);
}

static void tcp_miss(struct frame *f)
{
	put_ethernet(f, unicast, 0x0800);
	put_ipv4(f, 6, 443, any_port());
}

static void udp_miss(struct frame *f)
{
	put_ethernet(f, unicast, 0x0800);
	put_ipv4(f, 17, 443, any_port());
}

static void udp_hit(struct frame *f)
{
	put_ethernet(f, unicast, 0x0800);
	put_ipv4(f, 17, any_port(), FIRST_PORT + 3);
}

static void icmp(struct frame *f)
{
	put_ethernet(f, unicast, 0x0800);
	put_ipv4(f, 1, 0x0300, number() & 0xffff);
}

static void put_arp(struct frame *f, uint32_t op, uint32_t target)
{
	put(f, 0x00010800, 4);
	put(f, 0x0604, 2);
	put(f, op, 2);
	f->len += 6;
	put(f, 0xc0000200 | (number() & 255), 4);
	f->len += 6;
	put(f, target, 4);
	f->len += 18;
}

static void arp_hit(struct frame *f)
{
	put_ethernet(f, broadcast, 0x0806);
	put_arp(f, 1, our_address);
}

static void arp_miss(struct frame *f)
{
	put_ethernet(f, broadcast, 0x0806);
	put_arp(f, 1, 0xc0000210);
}

static void multicast_miss(struct frame *f)
{
	put_ethernet(f, "\x01\x00\x5e\x7f\xff\xfa", 0x0800);
	put_ipv4(f, 17, any_port(), 1900);
}

static void multicast_listed(struct frame *f)
{
	put_ethernet(f, "\x01\x00\x5e\x00\x00\xfb", 0x0800);
	put_ipv4(f, 17, 5353, 5353);
}

static void ipv6_hit(struct frame *f)
{
	put_ethernet(f, unicast, 0x86dd);
	put_ipv6(f, 6, any_port(), FIRST_PORT);
}

static void ipv6_miss(struct frame *f)
{
	put_ethernet(f, unicast, 0x86dd);
	put_ipv6(f, 6, 443, any_port());
}

static void neighbour(struct frame *f)
{
	put_ethernet(f, "\x33\x33\xff\x0a\x0b\x0c", 0x86dd);
	put_ipv6(f, 58, 0x8700, 0);
}

static void put_tag(struct frame *f, uint32_t id)
{
	memmove(f->bytes + 16, f->bytes + 12, f->len - 12);
	f->bytes[12] = 0x81;
	f->bytes[13] = 0;
	f->bytes[14] = 0;
	f->bytes[15] = (uint8_t)id;
	f->len += 4;
}

static void vlan_hit(struct frame *f)
{
	tcp_first(f);
	put_tag(f, VLAN);
}

static void vlan_miss(struct frame *f)
{
	tcp_first(f);
	put_tag(f, VLAN + 1);
}

static void other_type(struct frame *f)
{
	put_ethernet(f, unicast, 0x888e);
	f->len += 46;
}

/* What a host receives: nine of ten frames are its own. */
static void mix(struct frame *f)
{
	static void (*const hits[])(struct frame *) = {tcp_first, tcp_last, udp_hit, arp_hit, ipv6_hit, icmp};
	static void (*const misses[])(struct frame *) = {tcp_miss, tcp_miss,	  tcp_miss,  tcp_miss,
							 udp_miss, udp_miss,	  ipv6_miss, ipv6_miss,
							 arp_miss, multicast_miss};

	if (number() % 10 == 0)
		hits[(number() >> 8) % 6](f);
	else
		misses[(number() >> 8) % 10](f);
}

static const struct class
{
	const char *name;
	void (*make)(struct frame *);
	double goal;
} classes[] = {
	{"TCP, first flex filter", tcp_first, 0.15},
	{"TCP, last flex filter", tcp_last, 0.15},
	{"TCP, none", tcp_miss, 0.15},
	{"UDP, a flex filter", udp_hit, 0.15},
	{"UDP, none", udp_miss, 0.15},
	{"ICMP", icmp, 0.15},
	{"ARP request for us", arp_hit, 0.15},
	{"ARP request, others", arp_miss, 0.15},
	{"multicast, unlisted", multicast_miss, 0.15},
	{"multicast, listed", multicast_listed, 0.15},
	{"IPv6 TCP, first flex filter", ipv6_hit, 0.15},
	{"IPv6 TCP, none", ipv6_miss, 0.15},
	{"neighbour solicitation", neighbour, 0.15},
	{"VLAN, ours", vlan_hit, 0.15},
	{"VLAN, other", vlan_miss, 0.15},
	{"another EtherType", other_type, 0.15},
	{"mix, 9 of 10 miss", mix, 0.10},
};

/* --- measuring --- */

/* The processor's time for this thread: it stands still while others run. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static volatile uint32_t sink;

static inline uint32_t ask_ours(const struct sap_filter *filter, const struct frame *f)
{
	return sap_filter_classify(filter, f->bytes, f->len).to_csme;
}

static inline uint32_t ask_theirs(const struct bpf_program *program, const struct frame *f)
{
	return bpf_filter(program->bf_insns, f->bytes, f->len, f->len) != 0;
}

/* Seconds for so many times all frames. Four at once, since the loop is not what is measured. */
static double ours(const struct sap_filter *filter, const struct frame *frames, uint32_t times)
{
	double start = now();
	uint32_t wanted = 0;

	for (uint32_t k = 0; k < times; k++) {
		for (const struct frame *f = frames; f < frames + FRAMES; f += 4) {
			wanted += ask_ours(filter, f) + ask_ours(filter, f + 1);
			wanted += ask_ours(filter, f + 2) + ask_ours(filter, f + 3);
		}
	}
	sink = wanted;
	return now() - start;
}

static double theirs(const struct bpf_program *program, const struct frame *frames, uint32_t times)
{
	double start = now();
	uint32_t wanted = 0;

	for (uint32_t k = 0; k < times; k++) {
		for (const struct frame *f = frames; f < frames + FRAMES; f += 4) {
			wanted += ask_theirs(program, f) + ask_theirs(program, f + 1);
			wanted += ask_theirs(program, f + 2) + ask_theirs(program, f + 3);
		}
	}
	sink = wanted;
	return now() - start;
}

static struct sap_verdict say_no(const struct sap_filter *filter, const uint8_t *frame, uint32_t len)
{
	struct sap_verdict verdict = {false, true, SAP_RULE_NO_MATCH, 0};

	(void)filter;
	(void)frame;
	(void)len;
	return verdict;
}

/* As ours, of a function that does nothing: what the calls take. */
static double calls(const struct frame *frames, uint32_t times)
{
	struct sap_verdict (*volatile hidden)(const struct sap_filter *, const uint8_t *, uint32_t) = say_no;
	struct sap_verdict (*call)(const struct sap_filter *, const uint8_t *, uint32_t) = hidden;
	double start = now();
	uint32_t wanted = 0;

	for (uint32_t k = 0; k < times; k++) {
		for (const struct frame *f = frames; f < frames + FRAMES; f += 4) {
			wanted += call(NULL, f->bytes, f->len).to_csme;
			wanted += call(NULL, f[1].bytes, f[1].len).to_csme;
			wanted += call(NULL, f[2].bytes, f[2].len).to_csme;
			wanted += call(NULL, f[3].bytes, f[3].len).to_csme;
		}
	}
	sink = wanted;
	return now() - start;
}

static void must_agree(const struct class *class, const struct sap_filter *filter,
		       const struct bpf_program *program, const struct frame *frames)
{
	for (uint32_t i = 0; i < FRAMES; i++) {
		const struct frame *f = &frames[i];
		struct sap_verdict verdict = sap_filter_classify(filter, f->bytes, f->len);
		bool wanted = bpf_filter(program->bf_insns, f->bytes, f->len, f->len) != 0;

		if (verdict.to_csme == wanted)
			continue;
		fprintf(stderr, "%s: frame %u: ours %s (%s), bpf_filter %s\n", class->name, (unsigned)i,
			verdict.to_csme ? "yes" : "no", sap_rule_name((enum sap_rule)verdict.rule),
			wanted ? "yes" : "no");
		exit(1);
	}
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(values[0]), ascending);
	return values[ROUNDS / 2];
}

/* One of a hundred is less: not disturbed, and no slip of the clock. */
static double undisturbed(double *values)
{
	qsort(values, ROUNDS, sizeof(values[0]), ascending);
	return values[ROUNDS / 100];
}

static uint32_t enough(const struct sap_filter *filter, const struct frame *frames)
{
	uint32_t times = 8;

	while (ours(filter, frames, times) < seconds_each)
		times *= 2;
	return times;
}

static void beside_bpf(const struct class *class, const struct sap_filter *filter,
		       const struct bpf_program *program)
{
	static _Alignas(64) struct frame frames[FRAMES];
	double mine[ROUNDS], peer[ROUNDS], ratio[ROUNDS], a, b;
	uint32_t times, fewer; /* the peer takes longer */

	for (uint32_t i = 0; i < FRAMES; i++)
		class->make(&frames[i]);
	must_agree(class, filter, program, frames);
	times = enough(filter, frames);
	fewer = times / 4;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t turn = 0; turn < 2; turn++) {
			if ((round + turn) % 2)
				peer[round] = theirs(program, frames, fewer) * 1e9 / fewer / FRAMES;
			else
				mine[round] = ours(filter, frames, times) * 1e9 / times / FRAMES;
		}
		ratio[round] = mine[round] / peer[round];
	}
	a = undisturbed(mine);
	b = undisturbed(peer);
	printf("%-28s  %6.2f  %6.1f  %6.3f  %6.3f  %5.2f\n", class->name, a, b, a / b, median(ratio),
	       class->goal);
	fflush(stdout);
}

static void calls_alone(void)
{
	static _Alignas(64) struct frame frames[FRAMES];
	const uint32_t times = 1000;
	double values[ROUNDS];

	for (uint32_t round = 0; round < ROUNDS; round++)
		values[round] = calls(frames, times) * 1e9 / times / FRAMES;
	printf("%-28s  %6.2f\n", "a call that does nothing", undisturbed(values));
}

/* The same frames with 1 to 14 filters, in turns; each beside the first of its round. */
static void flatness(const char *name, void (*make)(struct frame *))
{
	static _Alignas(64) struct frame frames[FRAMES];
	static struct sap_filter filters[FLEX];
	static double ratio[FLEX][ROUNDS];
	double ns[FLEX], one[ROUNDS], least = 1e9, most = 0, first;
	uint32_t times;

	for (uint32_t i = 0; i < FRAMES; i++)
		make(&frames[i]);
	for (uint32_t n = 0; n < FLEX; n++)
		make_filter(&filters[n], n + 1);
	times = enough(&filters[0], frames);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t turn = 0; turn < FLEX; turn++) {
			uint32_t n = (round + turn) % FLEX;

			ns[n] = ours(&filters[n], frames, times);
		}
		for (uint32_t n = 0; n < FLEX; n++)
			ratio[n][round] = ns[n] / ns[0];
		one[round] = ns[0];
	}
	first = median(one) * 1e9 / times / FRAMES;
	for (uint32_t n = 0; n < FLEX; n++) {
		double m = median(ratio[n]);

		least = m < least ? m : least;
		most = m > most ? m : most;
	}
	printf("%-28s  %6.2f  %6.2f  %6.2f  %5.2f\n", name, first * least, first * most, most / least, 1.30);
	fflush(stdout);
}

int main(void)
{
	struct bpf_program program;
	struct sap_filter filter;

	make_filter(&filter, FLEX);
	make_program(&program, FLEX);
	printf("Candidate: sap_filter_classify(), %d flex filters and the others, %u bytes.\n"
	       "Peer: bpf_filter(), %u instructions of pcap_compile(), optimised.\n"
	       "The quickest hundredth of %d rounds in turns, their ratio, and the median of ratios; goal: at most.\n\n",
	       FLEX, (unsigned)sizeof(filter), program.bf_len, ROUNDS);
	printf("%-28s  %6s  %6s  %6s  %6s  %5s\n", "frames", "ns", "bpf ns", "ratio", "median", "goal");
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		beside_bpf(&classes[i], &filter, &program);
	calls_alone();
	pcap_freecode(&program);
	printf("\n%-28s  %6s  %6s  %6s  %5s\n", "1 to 14 flex filters", "least", "most", "ratio", "goal");
	flatness("TCP, first flex filter", tcp_first);
	flatness("TCP, none", tcp_miss);
	flatness("mix, 9 of 10 miss", mix);
	return 0;
}
