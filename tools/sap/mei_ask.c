// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "mei_ask.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 4))) static void tell(struct mei_ask *ask, const char *problem,
						       const char *format, ...)
{
	va_list args;

	ask->problem = problem;
	va_start(args, format);
	vsnprintf(ask->why, sizeof(ask->why), format, args);
	va_end(args);
}

static void tell_of_device(struct mei_ask *ask)
{
	ask->problem = sap_mei_dev_problem_name(sap_mei_dev_why(&ask->dev).problem);
	sap_mei_dev_say(&ask->dev, ask->why, sizeof(ask->why));
}

bool mei_ask_begin(struct mei_ask *ask, const struct sap_mei_roots *roots, const char *device,
		   const struct sap_guid *client, uint32_t timeout)
{
	struct sap_mei_dev_config config;
	enum sap_status status;

	sap_mei_dev_config_default(&config);
	config.client = *client;
	config.device = device;
	config.roots = *roots;
	config.buffer = ask->memory;
	config.buffer_size = sizeof(ask->memory);
	ask->timeout = timeout;
	ask->problem = "INVALID";
	ask->why[0] = 0;
	status = sap_mei_dev_open(&ask->dev, sizeof(ask->dev), &config);
	if (status != SAP_OK) {
		tell(ask, "NO_DEVICE", "'%s' cannot be a device's name", device ? device : "");
		return false;
	}
	if (sap_mei_dev_connect(&ask->dev) == SAP_OK)
		return true;
	tell_of_device(ask);
	return false;
}

void mei_ask_end(struct mei_ask *ask)
{
	sap_mei_dev_close(&ask->dev);
}

/* Sends what was encoded and waits. */
static bool exchange(struct mei_ask *ask, const uint8_t *question, uint32_t question_len, size_t *len)
{
	enum sap_status status = sap_mei_dev_request(&ask->dev, question, question_len, ask->answer,
						     sizeof(ask->answer), len, ask->timeout);

	if (status == SAP_OK)
		return true;
	tell_of_device(ask);
	return false;
}

enum mei_answer mei_ask_amthi(struct mei_ask *ask, const struct sap_amthi_message *request,
			      struct sap_amthi_message *response)
{
	uint8_t question[256];
	uint32_t question_len;
	size_t len;
	enum sap_status status;

	if (sap_amthi_encode(request, question, sizeof(question), &question_len) != SAP_OK ||
	    !exchange(ask, question, question_len, &len))
		return MEI_FAILED;
	status = sap_amthi_decode_response(ask->answer, len, request->command, response);
	if (status == SAP_UNSUPPORTED) {
		tell(ask, "AMT_DISABLED", "AMT is disabled");
		return MEI_DISABLED;
	}
	if (status != SAP_OK) {
		tell(ask, sap_status_name(status), "its answer makes no sense: %s", sap_strerror(status));
		return MEI_NO_SENSE;
	}
	if (response->status == SAP_AMT_SUCCESS)
		return MEI_ANSWERED;
	tell(ask, sap_amthi_status_name(response->status), "it answers with status 0x%x (%s)",
	     (unsigned int)response->status, sap_amthi_status_name(response->status));
	return MEI_REFUSED;
}

enum mei_answer mei_ask_mkhi(struct mei_ask *ask, const struct sap_mkhi_message *request,
			     struct sap_mkhi_message *response)
{
	uint8_t question[SAP_MKHI_LONGEST];
	uint32_t question_len;
	size_t len;
	enum sap_status status;

	if (sap_mkhi_encode(request, question, sizeof(question), &question_len) != SAP_OK ||
	    !exchange(ask, question, question_len, &len))
		return MEI_FAILED;
	status = sap_mkhi_decode(ask->answer, len, response);
	if (status == SAP_OK && response->command != (request->command | SAP_MKHI_RESPONSE))
		status = SAP_CORRUPT;
	if (status != SAP_OK) {
		tell(ask, sap_status_name(status), "its answer makes no sense: %s", sap_strerror(status));
		return MEI_NO_SENSE;
	}
	if (response->result == 0)
		return MEI_ANSWERED;
	tell(ask, "RESULT", "it answers with result 0x%x", (unsigned int)response->result);
	return MEI_REFUSED;
}
