// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "scenario.h"

#define ROOMY .host_room = 128, .csme_room = 160
#define TIGHT .host_room = 45, .csme_room = 85

static const struct scenario scenarios[] = {
	{
		.name = "ask",
		.about = "the host asks, CSME takes its time to answer, and takes back what it gave",
		.budget = {[HOST_OWN] = 3, [GRANT] = 2, [REFUSE] = 1, [TAKE] = 2, [DEVICE_UP] = 1},
		.policy = SAP_POLICY_ASK,
		ROOMY,
	},
	{
		.name = "loss",
		.about = "the connection is lost and comes back while CSME takes the NIC",
		.budget = {[CUT] = 2, [TAKE] = 1, [DOOR] = 1, [HOST_OWN] = 1},
		.owner = true,
		ROOMY,
	},
	{
		.name = "tight",
		.about = "queues with room for a message or two, and a throttle",
		.budget = {[TAKE] = 1, [HOST_OWN] = 1, [AMT_OFF] = 1, [AMT_ON] = 1, [FORCE] = 1},
		.owner = true,
		.throttle_ms = 10,
		TIGHT,
	},
	{
		.name = "take",
		.about = "CSME takes the NIC, politely and by force, from a host that uses it",
		.budget = {[TAKE] = 2, [FORCE] = 1, [HOST_OWN] = 2, [DEVICE_UP] = 1},
		.owner = true,
		ROOMY,
	},
	{
		.name = "keep",
		.about = "CSME keeps for a while what it took, and the host asks again",
		.budget = {[TAKE] = 1, [FORCE] = 1, [HOST_OWN] = 1, [DEVICE_UP] = 1, [CAN_RELEASE] = 1},
		.owner = true,
		.reasks = 3,
		.keep_ms = 40,
		TIGHT,
	},
	{
		.name = "amt",
		.about = "AMT goes off and on while the NIC changes hands",
		.budget = {[AMT_ON] = 1,
			   [AMT_OFF] = 2,
			   [TAKE] = 1,
			   [HOST_OWN] = 1,
			   [DEVICE_UP] = 1,
			   [DOOR] = 1},
		.owner = true,
		ROOMY,
	},
	{
		.name = "driver",
		.about = "the host's driver comes and goes",
		.budget = {[DRIVER_UP] = 1, [DRIVER_DOWN] = 1, [HOST_OWN] = 2, [TAKE] = 1, [DEVICE_UP] = 1},
		.owner = true,
		ROOMY,
	},
	{
		.name = "ignore",
		.about = "CSME ignores requests for a while",
		.budget = {[IGNORE] = 2, [TAKE] = 1, [FORCE] = 1, [HOST_OWN] = 3, [DEVICE_UP] = 1},
		ROOMY,
	},
	{
		.name = "protect",
		.about = "the link is protected: the host has to join in time",
		.budget = {[PROTECT] = 1, [UNPROTECT] = 1, [HOST_OWN] = 2, [DEVICE_UP] = 1, [JOIN] = 1},
		ROOMY,
	},
	{
		.name = "start",
		.about = "both engines start, and the connection is lost on the way",
		.budget = {[CUT] = 1, [HOST_OWN] = 1, [TAKE] = 1, [DOOR] = 1},
		.down = true,
		ROOMY,
	},
	{
		.name = "force",
		.about = "the connection is lost around a take by force",
		.budget = {[CUT] = 1, [FORCE] = 1, [HOST_OWN] = 1, [DEVICE_UP] = 1, [DOOR] = 1},
		.owner = true,
		ROOMY,
	},
	{
		.name = "stop",
		.about = "the host goes down, and comes back or not",
		.budget = {[HOST_STOP] = 1, [HOST_START] = 1, [TAKE] = 1, [DOOR] = 1, [AMT_OFF] = 1},
		.owner = true,
		ROOMY,
	},
	{
		.name = "all",
		.about = "a little of everything",
		.budget = {[TAKE] = 1,
			   [FORCE] = 1,
			   [HOST_OWN] = 1,
			   [DEVICE_UP] = 1,
			   [AMT_OFF] = 1,
			   [AMT_ON] = 1,
			   [CUT] = 1,
			   [DOOR] = 1},
		.owner = true,
		.is_long = true,
		ROOMY,
	},
	{
		.name = "flap",
		.about = "driver and AMT come and go",
		.budget = {[TAKE] = 2,
			   [HOST_OWN] = 2,
			   [DEVICE_UP] = 2,
			   [AMT_OFF] = 1,
			   [AMT_ON] = 1,
			   [DRIVER_DOWN] = 1,
			   [DRIVER_UP] = 1},
		.owner = true,
		.is_long = true,
		ROOMY,
	},
	{
		.name = "lost",
		.about = "the connection is lost again and again",
		.budget = {[TAKE] = 1, [FORCE] = 1, [HOST_OWN] = 1, [CUT] = 2, [DOOR] = 1},
		.owner = true,
		.is_long = true,
		ROOMY,
	},
};

const struct scenario *scenario_at(unsigned at)
{
	return at < sizeof(scenarios) / sizeof(scenarios[0]) ? &scenarios[at] : NULL;
}
