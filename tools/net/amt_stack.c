// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "amt_stack.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcpip.h>
#include <netif/ethernet.h>

#include "http.h"
#include "tap.h"

enum {
	MOST_HALF_OPEN = 64, /* connections that were begun, */
	MOST_CLOSED = 256,   /* and that ended a short while ago */
};

struct amt_stack {
	int ours, lwips; /* ends of the link */
	struct netif netif;
	atomic_bool full; /* the link took no more */
	struct net_http http;
};

/* --- frames --- */

/* lwIP sends a frame: by its own thread, or by ours inside amt_stack_write(). */
static err_t link_output(struct netif *netif, struct pbuf *p)
{
	struct amt_stack *stack = netif->state;
	uint8_t frame[NET_FRAME];
	u16_t len = pbuf_copy_partial(p, frame, sizeof(frame), 0);

	if (send(stack->lwips, frame, len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len)
		return ERR_OK;
	atomic_store(&stack->full, true);
	return ERR_MEM;
}

int amt_stack_fd(const struct amt_stack *stack)
{
	return stack->ours;
}

/* TCP that met a full link says the rest when something makes it. */
static void say_the_rest(void)
{
	struct tcp_pcb *pcb;

	LOCK_TCPIP_CORE();
	for (pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
		(void)tcp_output(pcb);
	UNLOCK_TCPIP_CORE();
}

uint32_t amt_stack_read(struct amt_stack *stack, uint8_t *frame, uint32_t cap)
{
	ssize_t n = recv(stack->ours, frame, cap, MSG_DONTWAIT);

	if (n > 0)
		return (uint32_t)n;
	if (atomic_exchange(&stack->full, false))
		say_the_rest();
	return 0;
}

void amt_stack_write(struct amt_stack *stack, const uint8_t *frame, uint32_t len)
{
	struct pbuf *p;

	if (len > NET_FRAME)
		return;
	LOCK_TCPIP_CORE();
	p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
	if (p &&
	    (pbuf_take(p, frame, (u16_t)len) != ERR_OK || stack->netif.input(p, &stack->netif) != ERR_OK))
		pbuf_free(p);
	UNLOCK_TCPIP_CORE();
}

/* --- addresses --- */

static u32_t to_network(uint32_t address)
{
	return lwip_htonl(address);
}

void amt_stack_set_ipv4(struct amt_stack *stack, uint32_t address, uint32_t mask, uint32_t router)
{
	const ip4_addr_t a = {to_network(address)}, m = {to_network(mask)}, r = {to_network(router)};

	LOCK_TCPIP_CORE();
	netif_set_addr(&stack->netif, &a, &m, &r);
	UNLOCK_TCPIP_CORE();
}

bool amt_stack_add_ipv6(struct amt_stack *stack, const uint8_t address[16])
{
	ip6_addr_t a;
	err_t result;

	memset(&a, 0, sizeof(a));
	memcpy(a.addr, address, sizeof(a.addr));
	LOCK_TCPIP_CORE();
	ip6_addr_assign_zone(&a, IP6_UNICAST, &stack->netif);
	result = netif_add_ip6_address(&stack->netif, &a, NULL);
	UNLOCK_TCPIP_CORE();
	return result == ERR_OK;
}

void amt_stack_addresses(struct amt_stack *stack, struct net_addresses *addresses)
{
	s8_t i;

	memset(addresses, 0, sizeof(*addresses));
	LOCK_TCPIP_CORE();
	memcpy(&addresses->mac, stack->netif.hwaddr, sizeof(addresses->mac));
	addresses->ipv4 = lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(&stack->netif)));
	for (i = 0; i < LWIP_IPV6_NUM_ADDRESSES && addresses->n_ipv6 < NET_IPV6_ADDRESSES; i++)
		/* A tentative one counts: somebody may object to it. */
		if (!ip6_addr_isinvalid(netif_ip6_addr_state(&stack->netif, i)))
			memcpy(addresses->ipv6[addresses->n_ipv6++], netif_ip6_addr(&stack->netif, i)->addr,
			       16);
	UNLOCK_TCPIP_CORE();
}

/* --- connections --- */

void amt_stack_tell(struct amt_stack *stack, const struct net_facts *facts)
{
	LOCK_TCPIP_CORE();
	stack->http.facts = *facts;
	UNLOCK_TCPIP_CORE();
}

/* Of the connections in that state, the newest stay: a list begins with them. lwIP itself knows no bound. */
static void bound(struct tcp_pcb *pcb, enum tcp_state state, uint32_t most)
{
	uint32_t n = 0;

	while (pcb) {
		struct tcp_pcb *next = pcb->next;

		if (pcb->state == state && ++n > most)
			tcp_abandon(pcb, 0);
		pcb = next;
	}
}

/* Anybody can begin one; it is open from the answer on, and as long as something is to be said or acknowledged. */
static bool is_open(enum tcp_state state)
{
	return state >= ESTABLISHED && state != FIN_WAIT_2;
}

uint32_t amt_stack_connections(struct amt_stack *stack)
{
	const struct tcp_pcb *pcb;
	uint32_t n = 0;

	(void)stack;
	LOCK_TCPIP_CORE();
	bound(tcp_active_pcbs, SYN_RCVD, MOST_HALF_OPEN);
	bound(tcp_tw_pcbs, TIME_WAIT, MOST_CLOSED);
	for (pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
		n += pcb->local_port == NET_AMT_PORT && is_open(pcb->state);
	UNLOCK_TCPIP_CORE();
	return n;
}

void amt_stack_reset(struct amt_stack *stack)
{
	(void)stack;
	LOCK_TCPIP_CORE();
	while (tcp_active_pcbs)
		tcp_abort(tcp_active_pcbs);
	UNLOCK_TCPIP_CORE();
}

void amt_stack_resume(struct amt_stack *stack)
{
	struct tcp_pcb *pcb;

	(void)stack;
	LOCK_TCPIP_CORE();
	for (pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
		/* All of it: what was under way by the other way may be lost as a whole. */
		if (pcb->state >= ESTABLISHED && pcb->unacked)
			tcp_rexmit_rto(pcb);
		else
			(void)tcp_output(pcb);
	}
	UNLOCK_TCPIP_CORE();
}

/* --- making --- */

static err_t set_up_netif(struct netif *netif)
{
	netif->name[0] = 'm';
	netif->name[1] = 'e';
	netif->mtu = 1500;
	netif->hwaddr_len = ETH_HWADDR_LEN;
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6 |
		       NETIF_FLAG_LINK_UP;
	netif->output = etharp_output;
	netif->output_ip6 = ethip6_output;
	netif->linkoutput = link_output;
	return ERR_OK;
}

static bool set_up(struct amt_stack *stack, const struct sap_mac *mac)
{
	const ip4_addr_t none = {0};
	bool fine;

	LOCK_TCPIP_CORE();
	memcpy(stack->netif.hwaddr, mac, sizeof(*mac));
	fine = netif_add(&stack->netif, &none, &none, &none, stack, set_up_netif, ethernet_input);
	if (fine) {
		netif_set_default(&stack->netif);
		netif_set_ip6_autoconfig_enabled(&stack->netif, 1);
		netif_create_ip6_linklocal_address(&stack->netif, 1);
		netif_set_up(&stack->netif);
		fine = net_http_listen(&stack->http, NET_AMT_PORT);
	}
	UNLOCK_TCPIP_CORE();
	return fine;
}

static void started(void *semaphore)
{
	sem_post(semaphore);
}

/* Its thread must not take signals that are ours. */
static bool start_lwip(void)
{
	sigset_t all, before;
	sem_t semaphore;

	if (sem_init(&semaphore, 0, 0) < 0)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	tcpip_init(started, &semaphore);
	while (sem_wait(&semaphore) < 0 && errno == EINTR)
		;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	sem_destroy(&semaphore);
	return true;
}

struct amt_stack *amt_stack_new(const struct sap_mac *mac)
{
	/* lwIP's thread goes on to the end of the process, and so must what it uses. */
	static struct amt_stack stack;
	static bool is_made;
	int link[2];

	if (is_made || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, link) < 0)
		return NULL;
	is_made = true;
	stack.ours = link[0];
	stack.lwips = link[1];
	if (start_lwip() && set_up(&stack, mac))
		return &stack;
	return NULL;
}
