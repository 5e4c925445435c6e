// What the parts of usb-mock share. main.c says what the program is.
//
// Two threads work on all this: umockdev's (requests of the program under test) and the main one
// (sockets, time, signals). Whoever touches it holds `state_lock`.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <umockdev.h>

enum {
    MAX_PHONES = 16,
    MAX_INTERFACES = 4,
    // Largest packet of a bulk endpoint at high speed.
    PACKET = 512,
    // What adbd reads at once.
    BLOCK = 16384,
};

// What an interface of a phone is for.
typedef enum { ADB, MTP, DBC, FASTBOOT } Kind;

// Bytes that a phone sends, and how far they were cut into packets.
typedef struct {
    GByteArray *bytes;
    // Of the ADB message whose header was sent last.
    uint32_t payload_left;
    // The bytes are no ADB messages: they are sent as they come.
    bool raw;
} Stream;

struct Plug;

// A phone as the command line describes it.
typedef struct {
    char *serial;  // "" for a phone that has none.
    char *manufacturer;
    char *product;
    char *path;  // Where it is plugged in, as the kernel names it: "1-2.3".
    unsigned vendor_id;
    unsigned product_id;
    Kind interfaces[MAX_INTERFACES];
    int interface_count;
    int port;  // Of its adbd; 0: nobody answers.
    int64_t unplug_after;  // Bytes; -1: never.
    bool busy;
    bool denied;
    bool sticky;
    bool raw;
    Stream stale;
    // While it is plugged in.
    struct Plug *plug;
} Phone;

// A phone from the moment that it's plugged in until it's unplugged.
typedef struct Plug {
    Phone *phone;
    char *node;      // "/dev/bus/usb/001/002"
    GPtrArray *sysfs;  // Its directories there, as they were made.
    bool gone;
    // Whose each interface is.
    struct Client *claimed_by[MAX_INTERFACES];
    // Requests to read that wait for the phone (Urb), those of all clients.
    GQueue reading;
    // The connection to its adbd: -1 while there is none.
    int socket;
    GSource *watch;
    Stream live;
    // What was sent to the phone and doesn't make up a block yet.
    GByteArray *block;
    uint32_t payload_missing;
    // How many bytes the host has read.
    int64_t answered;
} Plug;

// A program that has a phone's device node open.
typedef struct Client {
    Plug *plug;
    UMockdevIoctlClient *handle;
    // Requests that are done and wait for being fetched (Urb).
    GQueue done;
    // It asks for a request that is done, and isn't answered yet.
    bool reaping;
    guint reap_timer;
    int reap_error;
} Client;

// A request for a transfer.
typedef struct {
    Client *client;
    UMockdevIoctlData *urb;
    UMockdevIoctlData *buffer;
    // How much of the buffer the phone has filled.
    int filled;
} Urb;

extern GRecMutex state_lock;

// spec.c
bool parse_phone(const char *spec, Phone *phone, char **error);

// descriptors.c
GByteArray *device_descriptor(const Phone *phone);
GByteArray *configuration_descriptor(const Phone *phone);
void interface_class(Kind kind, uint8_t class[3]);
uint8_t bulk_endpoint(const Phone *phone);
int control_request(const Phone *phone, uint8_t *setup, int length);

// endpoints.c
void serve_reading(Plug *plug);
bool send_to_phone(Plug *plug, const uint8_t *bytes, int length, bool zero_packet);
bool start_session(Plug *plug);
void end_session(Plug *plug);

// usbfs.c
void attach_usbfs(UMockdevTestbed *testbed, Plug *plug);
void finish_urb(Urb *urb, int status);

// main.c
void unplug(Plug *plug);
