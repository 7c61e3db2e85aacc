/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Words of scripts that stand for numbers. Commands and conditions on events share them. */
#ifndef SIM_WORDS_H
#define SIM_WORDS_H

#include <sap/fields.h>

extern const struct sap_names sim_words_on, sim_words_yes, sim_words_owner, sim_words_reason, sim_words_auth,
	sim_words_cipher, sim_words_band, sim_words_down, sim_words_suspend, sim_words_radio,
	sim_words_policy, sim_words_grant, sim_words_open, sim_words_result, sim_words_status, sim_words_side,
	sim_words_client;

#endif
