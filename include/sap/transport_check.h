/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/**
 * @file transport_check.h
 * The conformance kit: whether a backend does what transport.h says.
 *
 * Whoever writes a backend gives the kit a way to make a pair, one transport of the host's end and one of
 * CSME's that can connect to each other, and is told rule by rule what holds:
 *
 * @code
 * static uint8_t scratch[2 * (128 + 1)];
 * struct sap_transport_check check = {
 *         .open = open_pair, .close = close_pair, .settle = settle, .report = print_it, .self = &mine,
 *         .sizes = {172032, 139264}, .longest = 128, .scratch = scratch, .scratch_size = sizeof(scratch),
 * };
 *
 * return sap_transport_check(&check) == 0 ? 0 : 1;
 * @endcode
 *
 * Each rule is checked on a pair of its own, so that a broken one does not hide the next. tests/transport
 * runs the kit on the library's own backends, and on broken ones to show what it finds.
 *
 * **What it cannot see:** a `send` that sleeps while `disconnect` is called from elsewhere, a peer that
 * dies, memory that a peer takes away. A backend that knows these needs tests of its own.
 *
 * **Contexts.** The kit calls only what it is given, one call at a time, and allocates nothing. It ends if
 * those calls return, however wrong their answers are.
 */
#ifndef SAP_TRANSPORT_CHECK_H
#define SAP_TRANSPORT_CHECK_H

#include <sap/transport.h>

SAP_BEGIN_DECLS

/** How a check ended. */
enum sap_check_outcome {
	SAP_CHECK_PASSED = 0, /**< The rule holds. */
	SAP_CHECK_FAILED,     /**< It does not. */
	SAP_CHECK_SKIPPED,    /**< The backend cannot do what the rule is about, as the settings say. */
};

/** What `found` and `expected` are. */
enum sap_check_unit {
	SAP_CHECK_STATUS = 0, /**< enum sap_status; its name is sap_status_name(). */
	SAP_CHECK_NUMBER,     /**< A number. */
};

/** What the kit says of one rule. */
struct sap_transport_finding {
	const char *name;		/**< The check, in words that a command line takes. Constant. */
	const char *rule;		/**< The rule, one clause. Constant. */
	enum sap_check_outcome outcome; /**< Whether it holds. */

	/* Only if it does not: what was seen first. */
	const char *step;	  /**< What was looked at, one clause ("the second message's length"). */
	enum sap_check_unit unit; /**< What the next two are. */
	int64_t found;		  /**< What came. */
	int64_t expected;	  /**< What should have come; one of several where several would do. */
};

/** What the kit is given. Null and 0 are defaults where a member says so. */
struct sap_transport_check {
	/**
	 * Makes a pair that is not connected and maps nothing. Called before each check; the pair before was
	 * closed. What differs from SAP_OK fails the check.
	 */
	enum sap_status (*open)(void *self, struct sap_transport *host, struct sap_transport *csme);

	/** Ends a pair: both ends were disconnected and unmapped, as far as they let one. May be null. */
	void (*close)(void *self);

	/**
	 * Lets a backend make progress that needs time or another hand: run a bus, wait a millisecond.
	 * Called between two tries and before something is looked for. Null: there is nothing to do.
	 */
	void (*settle)(void *self);

	/** Is told of each check as it ends; the finding is valid during the call. May be null. */
	void (*report)(void *self, const struct sap_transport_finding *finding);

	void *self;	   /**< First argument of these four. */
	const char *only;  /**< The name of the only check to run, the others are not reported; null: all. */
	bool no_map;	   /**< The backend has no shared memory: `map` says #SAP_UNSUPPORTED. */
	uint32_t sizes[2]; /**< Sizes to map, each 64 or more; the second may be smaller, or 0: none. */
	uint32_t longest;  /**< Longest message that the client takes; 88 or more. */
	uint32_t patience; /**< How often #SAP_AGAIN is tried again before it counts as never; 0: 1,000. */
	uint32_t quiet;	   /**< How often something is looked for that must not come; 0: 5. */
	uint8_t *scratch;  /**< Memory to work in. */
	size_t scratch_size; /**< Bytes there: 2 * (longest + 1) or more. */
};

/**
 * Checks a backend against every rule.
 *
 * @return How many checks failed; 0 if the backend conforms. Settings that are out of their range, or a name
 *         in `only` that no check has, count as one failed check of the name "settings".
 */
SAP_API uint32_t sap_transport_check(const struct sap_transport_check *check);

SAP_END_DECLS

#endif
