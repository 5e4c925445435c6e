// Reads a phone's description from the command line: "serial=A,port=5555,busy".

#include <stdlib.h>
#include <string.h>

#include "phone.h"

static bool fail(char **error, const char *format, const char *value) {
    *error = g_strdup_printf(format, value);
    return false;
}

static bool parse_interfaces(const char *names, Phone *phone, char **error) {
    static const char *const known[] = {"adb", "mtp", "dbc", "fastboot"};
    g_auto(GStrv) list = g_strsplit(names, "+", -1);
    phone->interface_count = 0;
    for (char **name = list; *name; name++) {
        size_t kind = 0;
        while (kind < G_N_ELEMENTS(known) && strcmp(known[kind], *name) != 0) kind++;
        if (kind == G_N_ELEMENTS(known)) {
            return fail(error, "interface `%s` is neither adb, mtp, dbc nor fastboot", *name);
        }
        if (phone->interface_count == MAX_INTERFACES) return fail(error, "too many: %s", names);
        phone->interfaces[phone->interface_count++] = (Kind)kind;
    }
    return true;
}

static void append_message(GByteArray *bytes, const char *command, uint32_t payload_length) {
    uint32_t code;
    memcpy(&code, command, 4);
    const uint32_t header[6] = {
        GUINT32_TO_LE(code), GUINT32_TO_LE(1), GUINT32_TO_LE(1), GUINT32_TO_LE(payload_length),
        0, GUINT32_TO_LE(code ^ 0xffffffff)};
    g_byte_array_append(bytes, (const uint8_t *)header, sizeof header);
    for (uint32_t i = 0; i < payload_length; i++) {
        g_byte_array_append(bytes, (const uint8_t *)"s", 1);
    }
}

// "wrte:N": what a stream that was left open sends: N bytes, and that it is closed.
// "hex:…" and "file:…": these bytes.
static bool parse_stale(const char *value, GByteArray *bytes, char **error) {
    if (g_str_has_prefix(value, "wrte:")) {
        append_message(bytes, "WRTE", (uint32_t)strtoul(value + 5, NULL, 10));
        append_message(bytes, "CLSE", 0);
        return true;
    }
    if (g_str_has_prefix(value, "file:")) {
        g_autofree char *contents = NULL;
        gsize length;
        if (!g_file_get_contents(value + 5, &contents, &length, NULL)) {
            return fail(error, "cannot read %s", value + 5);
        }
        g_byte_array_append(bytes, (const uint8_t *)contents, (guint)length);
        return true;
    }
    if (g_str_has_prefix(value, "hex:")) {
        const char *digit = value + 4;
        for (; g_ascii_isxdigit(digit[0]) && g_ascii_isxdigit(digit[1]); digit += 2) {
            const uint8_t byte =
                (uint8_t)(g_ascii_xdigit_value(digit[0]) << 4 | g_ascii_xdigit_value(digit[1]));
            g_byte_array_append(bytes, &byte, 1);
        }
        if (!*digit) return true;
    }
    return fail(error, "stale=%s is neither wrte:LENGTH, file:PATH nor hex:BYTES", value);
}

static bool parse_path(const char *value, Phone *phone, char **error) {
    if (!g_regex_match_simple("^[1-9][0-9]{0,2}-[1-9][0-9]?([.][1-9][0-9]?){0,5}$", value, 0, 0)) {
        return fail(error, "path=%s is not like 1-2 or 1-2.3", value);
    }
    g_free(phone->path);
    phone->path = g_strdup(value);
    return true;
}

static bool parse_field(const char *field, Phone *phone, char **error) {
    g_auto(GStrv) parts = g_strsplit(field, "=", 2);
    const char *key = parts[0] ? parts[0] : "";
    const char *value = parts[0] ? parts[1] : NULL;
    if (!value) {
        if (!strcmp(key, "busy")) return phone->busy = true;
        if (!strcmp(key, "denied")) return phone->denied = true;
        if (!strcmp(key, "sticky")) return phone->sticky = true;
        if (!strcmp(key, "raw")) return phone->raw = true;
        return fail(error, "`%s` is no field without a value", key);
    }
    char **text = !strcmp(key, "serial")         ? &phone->serial
                  : !strcmp(key, "manufacturer") ? &phone->manufacturer
                  : !strcmp(key, "product")      ? &phone->product
                                                 : NULL;
    if (text) {
        g_free(*text);
        *text = g_strdup(value);
        return true;
    }
    if (!strcmp(key, "path")) return parse_path(value, phone, error);
    if (!strcmp(key, "interface")) return parse_interfaces(value, phone, error);
    if (!strcmp(key, "stale")) return parse_stale(value, phone->stale.bytes, error);
    if (!strcmp(key, "vid")) phone->vendor_id = (unsigned)strtoul(value, NULL, 16);
    else if (!strcmp(key, "pid")) phone->product_id = (unsigned)strtoul(value, NULL, 16);
    else if (!strcmp(key, "port")) phone->port = atoi(value);
    else if (!strcmp(key, "unplug_after")) phone->unplug_after = strtoll(value, NULL, 10);
    else return fail(error, "there is no field `%s`", key);
    return true;
}

// Fills in what a phone is where nothing is said, and then what `spec` says.
bool parse_phone(const char *spec, Phone *phone, char **error) {
    *phone = (Phone){
        .serial = g_strdup(""),
        .manufacturer = g_strdup("Xiaomi"),
        .product = g_strdup("POCO X3 Pro"),
        .vendor_id = 0x2717,
        .interfaces = {ADB},
        .interface_count = 1,
        .unplug_after = -1,
        .stale = {.bytes = g_byte_array_new()},
    };
    g_auto(GStrv) fields = g_strsplit(spec, ",", -1);
    for (char **field = fields; *field; field++) {
        if (!parse_field(*field, phone, error)) return false;
    }
    if (!phone->product_id) {
        // Xiaomi's numbers with USB debugging on (ff48, with file transfer, too) and off.
        bool adb = false;
        for (int i = 0; i < phone->interface_count; i++) adb |= phone->interfaces[i] != MTP;
        phone->product_id = adb ? 0xff48 : 0xff40;
    }
    return true;
}
