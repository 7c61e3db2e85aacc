// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "driver.h"

#include <string.h>

#include "value.h"

enum {
	LEAVE_MS = 20,
	JOIN_MS = 150,
	ADDRESS_MS = 40,
	DOOR_MS = 10, /* until the register, too, has heard that SAP is down */
};

/* What was to take time is not to come any more. */
static void forget(struct sim_driver *driver)
{
	driver->leave_at = driver->join_at = driver->tell_at = driver->door_at = SIM_NEVER;
}

void sim_driver_init(struct sim_driver *driver)
{
	memset(driver, 0, sizeof(*driver));
	driver->reacts = true;
	driver->retry_at = driver->give_up_at = SIM_NEVER;
	driver->leave_ms = LEAVE_MS;
	driver->join_ms = JOIN_MS;
	driver->address_ms = ADDRESS_MS;
	forget(driver);
}

/* --- the device --- */

static void device_up(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	driver->leave_at = SIM_NEVER;
	if (driver->device || !driver->there)
		return;
	/* While CSME takes the NIC, it stays down. */
	if (sap_host_device_up(ground->host, now) != SAP_OK)
		return;
	driver->device = true;
	sim_nic_touch(ground->nic, SIM_HOST, true, now);
	if (driver->has_profile)
		driver->join_at = ground->nic->ready_at[SIM_HOST] + driver->join_ms;
}

static enum sap_status device_down(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	driver->device = false;
	forget(driver);
	/* First the NIC, then the word: CSME may take it as soon as it hears that. */
	sim_nic_touch(ground->nic, SIM_HOST, false, now);
	return sap_host_device_down(ground->host, now);
}

static void join(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	driver->join_at = SIM_NEVER;
	if (sim_nic_associate(ground->nic, SIM_HOST, &driver->profile.bssid, now))
		driver->tell_at = now + driver->address_ms;
}

static void tell(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	struct sap_host_link_up up;

	driver->tell_at = SIM_NEVER;
	memset(&up, 0, sizeof(up));
	up.conn = driver->profile;
	/* A profile's SSID was checked as it was set: no other reason to refuse. */
	(void)!sap_host_link_up(ground->host, &up, now);
}

/* --- SAP --- */

static void try_begins(struct sim_driver *driver, uint64_t now)
{
	driver->gave_up = false;
	driver->give_up_at = driver->patience_ms ? now + driver->patience_ms : SIM_NEVER;
}

/* Whoever listens and does not answer would be waited for as long as it does so. */
static void give_up(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	driver->give_up_at = SIM_NEVER;
	driver->gave_up = sap_host_stop(ground->host, now) == SAP_OK;
}

enum sap_status sim_driver_up(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	enum sap_status status = sap_host_start(ground->host, now);

	if (status != SAP_OK)
		return status;
	driver->runs = true;
	driver->retry_at = SIM_NEVER;
	driver->wait_ms = driver->retry_ms;
	try_begins(driver, now);
	return SAP_OK;
}

enum sap_status sim_driver_down(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	bool waited = driver->retry_at != SIM_NEVER;

	driver->runs = false;
	driver->retry_at = SIM_NEVER;
	/* Between two tries the engine is down already. */
	return waited ? SAP_OK : sap_host_stop(ground->host, now);
}

static void went_down(struct sim_driver *driver, uint64_t now)
{
	driver->give_up_at = SIM_NEVER;
	if (!driver->runs || !driver->retry_ms)
		return;
	driver->retry_at = now + driver->wait_ms;
	driver->wait_ms *= 2;
	if (driver->wait_ms > driver->retry_most_ms)
		driver->wait_ms = driver->retry_most_ms;
}

static void came_up(struct sim_driver *driver)
{
	driver->wait_ms = driver->retry_ms;
	driver->give_up_at = SIM_NEVER;
}

static void retry(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	enum sap_status status = sap_host_start(ground->host, now);

	/* An engine that has no room for events now is asked again with the next tick. */
	if (status != SAP_AGAIN)
		driver->retry_at = SIM_NEVER;
	if (status == SAP_OK)
		try_begins(driver, now);
}

/* --- events --- */

/* Without SAP the register decides: what it does not give, the driver does not touch. */
static void without_sap(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	driver->door_at = SIM_NEVER;
	if (!driver->device && !driver->wants)
		return;
	if (sim_driver_door(driver, ground, now) != SAP_OK && driver->device)
		(void)!device_down(driver, ground, now);
}

/* It owns the NIC, by whatever way, and may transmit. */
static void boot(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	if (driver->wants && driver->owner == SAP_OWNER_HOST && !driver->rfkill)
		device_up(driver, ground, now);
}

static void leave(struct sim_driver *driver, uint64_t now)
{
	driver->join_at = driver->tell_at = SIM_NEVER;
	if (driver->device && driver->leave_at == SIM_NEVER && driver->leave_ms != SIM_NEVER)
		driver->leave_at = now + driver->leave_ms;
}

static void react(struct sim_driver *driver, const struct sim_ground *ground,
		  const struct sap_host_event *event, uint64_t now)
{
	switch (event->type) {
	case SAP_HOST_LEAVE:
		leave(driver, now);
		break;
	case SAP_HOST_OWNER:
	case SAP_HOST_OWN_DONE:
	case SAP_HOST_RFKILL:
		boot(driver, ground, now);
		break;
	case SAP_HOST_AMT:
		driver->door_at = event->on ? SIM_NEVER : now + DOOR_MS;
		break;
	case SAP_HOST_UP:
		driver->door_at = SIM_NEVER;
		break;
	case SAP_HOST_DOWN:
		driver->door_at = now + DOOR_MS;
		break;
	default:
		break;
	}
}

void sim_driver_hear(struct sim_driver *driver, const struct sim_ground *ground,
		     const struct sap_host_event *event, uint64_t now)
{
	if (event->type == SAP_HOST_RFKILL)
		driver->rfkill = event->on;
	else if (event->type == SAP_HOST_ROAMING)
		driver->roaming_forbidden = event->on;
	else if (event->type == SAP_HOST_OWNER)
		driver->owner = event->owner;
	else if (event->type == SAP_HOST_UP)
		came_up(driver);
	else if (event->type == SAP_HOST_DOWN)
		went_down(driver, now);
	if (driver->reacts)
		react(driver, ground, event, now);
}

/* --- time --- */

void sim_driver_tick(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	/* An engine that has no room now is asked again with the next tick. */
	if (driver->leave_at <= now && device_down(driver, ground, now) == SAP_AGAIN)
		driver->leave_at = now;
	if (driver->join_at <= now)
		join(driver, ground, now);
	if (driver->tell_at <= now)
		tell(driver, ground, now);
	if (driver->door_at <= now)
		without_sap(driver, ground, now);
	if (driver->retry_at <= now)
		retry(driver, ground, now);
	if (driver->give_up_at <= now)
		give_up(driver, ground, now);
}

uint64_t sim_driver_deadline(const struct sim_driver *driver)
{
	uint64_t at = driver->leave_at < driver->join_at ? driver->leave_at : driver->join_at;

	at = at < driver->tell_at ? at : driver->tell_at;
	at = at < driver->retry_at ? at : driver->retry_at;
	at = at < driver->give_up_at ? at : driver->give_up_at;
	return at < driver->door_at ? at : driver->door_at;
}

/* --- what it is told --- */

enum sap_status sim_driver_set_there(struct sim_driver *driver, const struct sim_ground *ground, bool there,
				     uint64_t now)
{
	driver->there = there;
	if (there)
		return sap_host_driver_up(ground->host, now);
	driver->device = false;
	driver->wants = false;
	forget(driver);
	sim_nic_touch(ground->nic, SIM_HOST, false, now);
	return sap_host_driver_down(ground->host, now);
}

enum sap_status sim_driver_set_device(struct sim_driver *driver, const struct sim_ground *ground, bool up,
				      uint64_t now)
{
	if (!up)
		return device_down(driver, ground, now);
	if (!driver->there)
		return SAP_WRONG_STATE;
	device_up(driver, ground, now);
	return SAP_OK;
}

enum sap_status sim_driver_own(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	enum sap_status status = sap_host_own(ground->host, now);

	if (status == SAP_OK)
		driver->wants = true;
	return status;
}

enum sap_status sim_driver_door(struct sim_driver *driver, const struct sim_ground *ground, uint64_t now)
{
	enum sap_status status = ground->door ? ground->door(ground->self, now) : SAP_UNSUPPORTED;

	driver->wants = true;
	if (status == SAP_OK)
		device_up(driver, ground, now);
	return status;
}
