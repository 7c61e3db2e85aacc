/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The language of the fuzz target for queues: its input is a role, four sizes, and then one of these after
 * another, each with what it needs. `seeds.c` writes it, `fuzz_queue.c` says what each means.
 */
#ifndef SAP_FUZZ_QUEUE_OPS_H
#define SAP_FUZZ_QUEUE_OPS_H

enum queue_op {
	OP_PUT,
	OP_RESERVE,
	OP_COMMIT,
	OP_PUBLISH,
	OP_ROOM,
	OP_NEXT,
	OP_GET,
	OP_PEEK,
	OP_TAKE,
	OP_RELEASE,
	OP_DISCARD,
	OP_LANE_SEND,
	OP_LANE_RECV,
	OP_START,
	PEER_DRAINS,
	PEER_PUTS,
	PEER_PUTS_PACKET,
	PEER_SCRIBBLES,
	PEER_SETS_POSITION,
	QUEUE_OPS,
};

#endif
