// What a phone says of itself before anybody talks to an interface of it.

#include <errno.h>
#include <string.h>

#include "phone.h"

enum {
    // bRequest and the high byte of wValue, chapter 9.4 of the USB 2.0 specification.
    GET_STATUS = 0,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    GET_INTERFACE = 10,
    DEVICE = 1,
    CONFIGURATION = 2,
    STRING = 3,
    INTERFACE = 4,
    ENDPOINT = 5,
    // Numbers of strings.
    MANUFACTURER_STRING = 1,
    PRODUCT_STRING,
    SERIAL_STRING,
    CONFIGURATION_STRING,
    INTERFACE_STRING,  // The first of them.
    DEVICE_TO_HOST = 0x80,
};

static void append(GByteArray *bytes, size_t length, const uint8_t *more) {
    g_byte_array_append(bytes, more, (guint)length);
}
#define APPEND(bytes, ...) \
    append(bytes, sizeof((uint8_t[]){__VA_ARGS__}), (const uint8_t[]){__VA_ARGS__})
#define LOW_HIGH(number) (number) & 0xff, (number) >> 8

GByteArray *device_descriptor(const Phone *phone) {
    GByteArray *bytes = g_byte_array_new();
    const uint8_t serial_string = *phone->serial ? SERIAL_STRING : 0;
    APPEND(bytes, 18, DEVICE, LOW_HIGH(0x0200), 0, 0, 0, 64, LOW_HIGH(phone->vendor_id),
           LOW_HIGH(phone->product_id), LOW_HIGH(0x0409), MANUFACTURER_STRING, PRODUCT_STRING,
           serial_string, 1);
    return bytes;
}

void interface_class(Kind kind, uint8_t class[3]) {
    static const uint8_t classes[][3] = {
        [ADB] = {0xff, 0x42, 0x01},
        [MTP] = {0x06, 0x01, 0x01},
        [DBC] = {0xdc, 0x02, 0x01},
        [FASTBOOT] = {0xff, 0x42, 0x03},
    };
    memcpy(class, classes[kind], 3);
}

GByteArray *configuration_descriptor(const Phone *phone) {
    GByteArray *bytes = g_byte_array_new();
    APPEND(bytes, 9, CONFIGURATION, 0, 0, (uint8_t)phone->interface_count, 1, CONFIGURATION_STRING,
           0x80, 250);
    for (int i = 0; i < phone->interface_count; i++) {
        const Kind kind = phone->interfaces[i];
        const uint8_t number = (uint8_t)i;
        uint8_t class[3];
        interface_class(kind, class);
        APPEND(bytes, 9, INTERFACE, number, 0, kind == MTP ? 3 : 2, class[0], class[1], class[2],
               INTERFACE_STRING + number);
        APPEND(bytes, 7, ENDPOINT, number + 1, 2, LOW_HIGH(PACKET), 0);
        APPEND(bytes, 7, ENDPOINT, (number + 1) | DEVICE_TO_HOST, 2, LOW_HIGH(PACKET), 0);
        if (kind == MTP) {
            // File transfer tells of new files on an endpoint of its own.
            const uint8_t events = (uint8_t)(MAX_INTERFACES + number + 1);
            APPEND(bytes, 7, ENDPOINT, events | DEVICE_TO_HOST, 3, LOW_HIGH(28), 6);
        }
    }
    bytes->data[2] = (uint8_t)(bytes->len & 0xff);
    bytes->data[3] = (uint8_t)(bytes->len >> 8);
    return bytes;
}

// The number of the endpoints behind which somebody answers; 0: nobody does.
uint8_t bulk_endpoint(const Phone *phone) {
    for (int i = 0; phone->port && i < phone->interface_count; i++) {
        if (phone->interfaces[i] != MTP) return (uint8_t)(i + 1);
    }
    return 0;
}

static const char *string(const Phone *phone, int number) {
    static const char *const interfaces[] = {
        [ADB] = "ADB Interface",
        [MTP] = "MTP",
        [DBC] = "ADB Interface",
        [FASTBOOT] = "fastboot",
    };
    switch (number) {
        case MANUFACTURER_STRING:
            return phone->manufacturer;
        case PRODUCT_STRING:
            return phone->product;
        case SERIAL_STRING:
            return *phone->serial ? phone->serial : NULL;
        case CONFIGURATION_STRING:
            return "adb";
    }
    const int interface = number - INTERFACE_STRING;
    if (interface < 0 || interface >= phone->interface_count) return NULL;
    return interfaces[phone->interfaces[interface]];
}

static GByteArray *string_descriptor(const Phone *phone, int number) {
    GByteArray *bytes = g_byte_array_new();
    APPEND(bytes, 0, STRING);
    if (number == 0) {
        APPEND(bytes, LOW_HIGH(0x0409));  // The languages: English.
    } else {
        const char *text = string(phone, number);
        if (!text) {
            g_byte_array_unref(bytes);
            return NULL;
        }
        glong length = 0;
        g_autofree gunichar2 *units = g_utf8_to_utf16(text, -1, NULL, &length, NULL);
        for (glong i = 0; units && i < length && bytes->len < 254; i++) {
            APPEND(bytes, LOW_HIGH(units[i]));
        }
    }
    bytes->data[0] = (uint8_t)bytes->len;
    return bytes;
}

// Answers a control transfer: `setup` holds its 8 bytes of set-up, and room for the answer behind
// them. Returns how long the answer is, or a negative errno.
int control_request(const Phone *phone, uint8_t *setup, int length) {
    const uint8_t request_type = setup[0], request = setup[1], number = setup[2], type = setup[3];
    // Set-up of any kind changes nothing.
    if (!(request_type & DEVICE_TO_HOST)) return 0;

    g_autoptr(GByteArray) answer = NULL;
    if (request == GET_DESCRIPTOR && type == DEVICE) answer = device_descriptor(phone);
    else if (request == GET_DESCRIPTOR && type == CONFIGURATION && number == 0)
        answer = configuration_descriptor(phone);
    else if (request == GET_DESCRIPTOR && type == STRING) answer = string_descriptor(phone, number);
    else if (request == GET_STATUS) APPEND(answer = g_byte_array_new(), 0, 0);
    else if (request == GET_CONFIGURATION) APPEND(answer = g_byte_array_new(), 1);
    else if (request == GET_INTERFACE) APPEND(answer = g_byte_array_new(), 0);
    if (!answer) return -EPIPE;

    int size = MIN((int)answer->len, setup[6] | setup[7] << 8);
    size = MIN(size, length - 8);
    memcpy(setup + 8, answer->data, (size_t)size);
    return size;
}
