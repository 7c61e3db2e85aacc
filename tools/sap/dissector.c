// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "dissector.h"

#include <stdlib.h>

#include <sap/fields.h>
#include <sap/me.h>
#include <sap/version.h>

#include "capture.h"

static const char *kind_of(const struct sap_field *field)
{
	switch (field->kind) {
	case SAP_FIELD_UINT:
		return "uint";
	case SAP_FIELD_UINT_BE:
		return "uint_be";
	case SAP_FIELD_BYTES:
		return "bytes";
	case SAP_FIELD_REST:
		return "rest";
	case SAP_FIELD_LIMITED:
		return "limited";
	case SAP_FIELD_RESERVED:
		return "reserved";
	case SAP_FIELD_STRUCT:
		break;
	}
	return "struct";
}

static const char *show_of(const struct sap_field *field)
{
	switch (field->show) {
	case SAP_SHOW_HEX:
		return "hex";
	case SAP_SHOW_BOOL:
		return "bool";
	case SAP_SHOW_ENUM:
		return "enum";
	case SAP_SHOW_FLAGS:
		return "flags";
	case SAP_SHOW_MAC:
		return "mac";
	case SAP_SHOW_IPV4:
		return "ipv4";
	case SAP_SHOW_SSID:
		return "ssid";
	case SAP_SHOW_COUNTRY:
		return "country";
	case SAP_SHOW_VLAN:
		return "vlan";
	case SAP_SHOW_VERSIONS:
		return "versions";
	case SAP_SHOW_FRAME:
		return "frame";
	case SAP_SHOW_DEC:
		break;
	}
	return "dec";
}

static void write_names(FILE *out, const struct sap_names *names)
{
	fputs(", names = {", out);
	for (uint32_t i = 0; i < names->count; i++)
		fprintf(out, "%s{0x%x, \"%s\"}", i ? ", " : "", (unsigned int)names->list[i].value,
			names->list[i].name);
	fputs("}", out);
}

static void write_fields(FILE *out, const struct sap_field *fields, uint32_t n, unsigned int indent)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct sap_field *field = &fields[i];

		fprintf(out, "%*s{name = \"%s\", kind = \"%s\", size = %u, show = \"%s\"", (int)indent, "",
			field->name, kind_of(field), (unsigned int)field->size, show_of(field));
		if (field->array)
			fprintf(out, ", count = %u", (unsigned int)field->count);
		if (field->names)
			write_names(out, field->names);
		if (field->sub) {
			fputs(", fields = {\n", out);
			write_fields(out, field->sub, field->n_sub, indent + 2);
			fprintf(out, "%*s}", (int)indent, "");
		}
		fputs("},\n", out);
	}
}

static void write_message(FILE *out, const struct sap_message_info *info)
{
	fprintf(out,
		"  {type = %u, name = \"%s\", layer = %d, to = %d, least = %u,\n   meaning = \"%s\", fields = {\n",
		(unsigned int)info->type, info->name, (int)info->carrier, (int)info->direction,
		(unsigned int)info->least, info->meaning);
	write_fields(out, info->fields, info->n_fields, 4);
	fputs("  }},\n", out);
}

void dissector_write(FILE *out)
{
	fprintf(out,
		"-- SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause\n"
		"-- A Wireshark dissector of SAP, the Software Arbitration Protocol between a host's WLAN driver and CSME.\n"
		"-- Made by `sap messages --lua` of libsap %s. Do not edit.\n\n"
		"local VERSION = %d\n"
		"local HEADER_SIZE = %d\n"
		"local ME_HEADER_SIZE = %d\n"
		"local SAP_HEADER_SIZE = %d\n"
		"local ETHERNET_HEADER_SIZE = %d\n\n"
		"-- layer: 1 ME message, 2 notification, 3 packet. to: 1 CSME, 2 the host, 3 both.\n"
		"local MESSAGES = {\n",
		sap_version(), CAPTURE_VERSION, CAPTURE_HEADER_SIZE, SAP_ME_HEADER_SIZE, SAP_HEADER_SIZE,
		SAP_ETHERNET_HEADER_SIZE);
	for (uint32_t i = 0; sap_info_at(i); i++)
		write_message(out, sap_info_at(i));
	fputs("}\n\n", out);
	fputs(dissector_lua, out);
}
