// usb-mock: shows a program phones on USB that aren't there. The program must be dynamically linked
// and use libusb or the kernel's USB files itself; it needs no rights, and the kernel no USB.
//
//     usb-mock --phone FIELD,FIELD… [--phone …] -- COMMAND ARGUMENTS…
//
// umockdev shows COMMAND another /sys and /dev than the machine's, and hands on what it asks of a
// device node; this program answers, as the kernel and a phone would. What is sent to a phone's ADB
// interface goes to an adbd that listens on TCP. It ends with COMMAND's exit code.
//
//     serial=TEXT           empty or left out: a phone without a serial number
//     port=NUMBER           of the adbd on the loopback; left out: the phone never answers
//     path=BUS-PORT         where it is plugged in: 1-2, or 1-2.3 on a hub (the next one that is free)
//     interface=KIND+KIND…  adb, mtp (file transfer; alone: USB debugging is off), dbc, fastboot (adb)
//     vid=HEX, pid=HEX      2717; ff48, or ff40 with file transfer alone
//     manufacturer=TEXT, product=TEXT
//     stale=WHAT            what a former session has left to be read: wrte:LENGTH, hex:…, file:PATH
//     sticky                adbd's session outlives the host's, as on a real phone: it lasts until the
//                           phone is unplugged. Else each session of the host gets a new one.
//     busy                  another program holds the interfaces
//     denied                COMMAND may not open the device node
//     unplug_after=BYTES    it's unplugged when the host has read so many
//     raw                   nothing is known of what it sends: packets as they come
//
// SIGUSR1 unplugs the first phone, SIGUSR2 plugs it in again.

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "phone.h"

#define PRELOAD "libumockdev-preload.so.0"

GRecMutex state_lock;

static UMockdevTestbed *testbed;
static Phone phones[MAX_PHONES];
static int phone_count;
// The number of the last device on each bus; 1 is the bus's own hub.
static int last_device[1000];
// The directories of hubs that are there.
static GHashTable *hubs;
static GPid command;

static char *hex(const GByteArray *bytes) {
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < bytes->len; i++) g_string_append_printf(text, "%02X", bytes->data[i]);
    return g_string_free(text, FALSE);
}

static void append_attribute(GString *device, const char *name, const char *value) {
    g_autofree char *escaped = g_strescape(value, NULL);
    g_string_append_printf(device, "A: %s=%s\\n\n", name, escaped);
}

static void add_to_testbed(const GString *device) {
    GError *error = NULL;
    if (!umockdev_testbed_add_from_string(testbed, device->str, &error)) {
        g_error("%s\n%s", error->message, device->str);
    }
}

static int bus_of(const char *path) {
    return atoi(path);
}

// "1-2.3" is below "1-2", and that is below the bus's own hub.
static char *directory_of(const char *path) {
    GString *directory = g_string_new(NULL);
    g_string_printf(directory, "/devices/platform/usb%d", bus_of(path));
    for (const char *end = path; *end;) {
        end += strcspn(end + 1, ".") + 1;
        g_string_append_printf(directory, "/%.*s", (int)(end - path), path);
    }
    return g_string_free(directory, FALSE);
}

// Adds a device of either kind: what every device on USB has. Returns its node.
static char *add_device(const char *directory, int bus, const char *port, const GByteArray *device,
                        const GByteArray *configuration, const char *more_attributes) {
    const int number = ++last_device[bus];
    char *node = g_strdup_printf("/dev/bus/usb/%03d/%03d", bus, number);

    g_autoptr(GByteArray) descriptors = g_byte_array_new();
    g_byte_array_append(descriptors, device->data, device->len);
    g_byte_array_append(descriptors, configuration->data, configuration->len);
    g_autofree char *digits = hex(descriptors);

    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "P: %s\nN: %s=%s\n", directory, node + strlen("/dev/"), digits);
    g_string_append_printf(text, "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: DEVNAME=%s\n", node);
    g_string_append_printf(text, "E: BUSNUM=%03d\nE: DEVNUM=%03d\n", bus, number);
    // No MAJOR and MINOR: libudev would leave out a device that udevd hasn't noted down.
    g_string_append_printf(text, "A: busnum=%d\\n\nA: devnum=%d\\n\nA: devpath=%s\\n\n", bus, number,
                           port);
    g_string_append_printf(text, "A: idVendor=%02x%02x\\n\nA: idProduct=%02x%02x\\n\n",
                           device->data[9], device->data[8], device->data[11], device->data[10]);
    g_string_append_printf(text, "A: bDeviceClass=%02x\\n\nA: bNumInterfaces=%2d\\n\n",
                           device->data[4], configuration->data[4]);
    g_string_append(text, "A: speed=480\\n\nA: bConfigurationValue=1\\n\nA: bNumConfigurations=1\\n\n");
    g_string_append_printf(text, "%sH: descriptors=%s\n", more_attributes, digits);
    add_to_testbed(text);
    return node;
}

static void add_hub(const char *directory, int bus, const char *port) {
    if (g_hash_table_contains(hubs, directory)) return;
    static const uint8_t device[] = {18, 1, 0, 2, 9, 0, 1, 64, 0x6b, 0x1d, 2, 0, 0, 5, 0, 0, 0, 1};
    static const uint8_t configuration[] = {9, 2, 25, 0, 1, 1, 0, 0xe0, 0,  9, 4, 0, 0,
                                            1, 9, 0, 0, 0, 7, 5, 0x81, 3, 4, 0, 12};
    g_autoptr(GByteArray) first = g_byte_array_new();
    g_autoptr(GByteArray) second = g_byte_array_new();
    g_byte_array_append(first, device, sizeof device);
    g_byte_array_append(second, configuration, sizeof configuration);
    g_free(add_device(directory, bus, port, first, second, ""));
    g_hash_table_add(hubs, g_strdup(directory));
}

// Adds the hubs between the computer and what is plugged in at `path`.
static void add_hubs(const char *path) {
    const int bus = bus_of(path);
    g_autofree char *root = g_strdup_printf("/devices/platform/usb%d", bus);
    add_hub(root, bus, "0");
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        g_autofree char *hub = g_strndup(path, (gsize)(dot - path));
        g_autofree char *directory = directory_of(hub);
        add_hub(directory, bus, strchr(hub, '-') + 1);
    }
}

static void add_interface(Plug *plug, const char *directory, int number) {
    const Phone *phone = plug->phone;
    uint8_t class[3];
    interface_class(phone->interfaces[number], class);
    g_autofree char *own = g_strdup_printf("%s/%s:1.%d", directory, phone->path, number);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "P: %s\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n", own);
    g_string_append_printf(text, "A: bInterfaceNumber=%02x\\n\nA: bAlternateSetting= 0\\n\n", number);
    g_string_append_printf(text, "A: bInterfaceClass=%02x\\n\n", class[0]);
    g_string_append_printf(text, "A: bInterfaceSubClass=%02x\\n\n", class[1]);
    g_string_append_printf(text, "A: bInterfaceProtocol=%02x\\n\n", class[2]);
    add_to_testbed(text);
    g_ptr_array_add(plug->sysfs, g_strconcat("/sys", own, NULL));
}

static void plug_in(Phone *phone) {
    Plug *plug = g_new0(Plug, 1);
    plug->phone = phone;
    plug->socket = -1;
    plug->sysfs = g_ptr_array_new();
    plug->live.bytes = g_byte_array_new();
    plug->block = g_byte_array_new();
    g_queue_init(&plug->reading);
    phone->plug = plug;

    g_autofree char *directory = directory_of(phone->path);
    g_autoptr(GByteArray) device = device_descriptor(phone);
    g_autoptr(GByteArray) configuration = configuration_descriptor(phone);
    g_autoptr(GString) attributes = g_string_new(NULL);
    append_attribute(attributes, "manufacturer", phone->manufacturer);
    append_attribute(attributes, "product", phone->product);
    if (*phone->serial) append_attribute(attributes, "serial", phone->serial);
    plug->node = add_device(directory, bus_of(phone->path), strchr(phone->path, '-') + 1, device,
                            configuration, attributes->str);
    g_ptr_array_add(plug->sysfs, g_strconcat("/sys", directory, NULL));
    for (int i = 0; i < phone->interface_count; i++) add_interface(plug, directory, i);

    if (phone->denied) {
        g_autofree char *root = umockdev_testbed_get_root_dir(testbed);
        g_autofree char *node = g_strconcat(root, plug->node, NULL);
        g_chmod(node, 0);
    }
    attach_usbfs(testbed, plug);
}

// Takes a phone off the bus. Its Plug stays: programs may still have it open.
void unplug(Plug *plug) {
    if (plug->gone) return;
    plug->gone = true;
    plug->phone->plug = NULL;
    for (Urb *urb; (urb = g_queue_pop_head(&plug->reading));) finish_urb(urb, -ESHUTDOWN);
    end_session(plug);
    umockdev_testbed_uevent(testbed, g_ptr_array_index(plug->sysfs, 0), "remove");
    for (guint i = plug->sysfs->len; i > 0; i--) {
        umockdev_testbed_remove_device(testbed, g_ptr_array_index(plug->sysfs, i - 1));
    }
    fprintf(stderr, "usb-mock: %s is unplugged\n", plug->node);
}

static gboolean on_unplug_signal(gpointer data) {
    (void)data;
    g_rec_mutex_lock(&state_lock);
    if (phones[0].plug) unplug(phones[0].plug);
    g_rec_mutex_unlock(&state_lock);
    return G_SOURCE_CONTINUE;
}

static gboolean on_plug_signal(gpointer data) {
    (void)data;
    g_rec_mutex_lock(&state_lock);
    if (!phones[0].plug) {
        plug_in(&phones[0]);
        umockdev_testbed_uevent(testbed, g_ptr_array_index(phones[0].plug->sysfs, 0), "add");
        fprintf(stderr, "usb-mock: %s is plugged in\n", phones[0].plug->node);
    }
    g_rec_mutex_unlock(&state_lock);
    return G_SOURCE_CONTINUE;
}

// The command is ended, and with it this program.
static gboolean on_end_signal(gpointer data) {
    (void)data;
    kill(command, SIGTERM);
    return G_SOURCE_CONTINUE;
}

// Between fork and exec of the command.
static void prepare_command(gpointer data) {
    const bool *denied = data;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (*denied) {
        // To root every file is open by these two rights, whatever the file's mode.
        prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
        prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH);
    }
}

typedef struct {
    GMainLoop *loop;
    int status;
} End;

static void on_command_ended(GPid pid, gint status, gpointer data) {
    (void)pid;
    End *end = data;
    end->status = status;
    g_main_loop_quit(end->loop);
}

static int run_command(char **arguments) {
    bool denied = false;
    for (int i = 0; i < phone_count; i++) denied |= phones[i].denied;

    g_autofree char *root = umockdev_testbed_get_root_dir(testbed);
    char **environment = g_environ_setenv(g_get_environ(), "UMOCKDEV_DIR", root, TRUE);
    environment = g_environ_setenv(environment, "LD_PRELOAD", PRELOAD, TRUE);
    End end = {.loop = g_main_loop_new(NULL, FALSE)};
    GError *error = NULL;
    const GSpawnFlags flags =
        G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN;
    if (!g_spawn_async(NULL, arguments, environment, flags, prepare_command, &denied, &command,
                       &error)) {
        fprintf(stderr, "usb-mock: %s\n", error->message);
        return 127;
    }
    g_strfreev(environment);
    g_child_watch_add(command, on_command_ended, &end);
    g_unix_signal_add(SIGUSR1, on_unplug_signal, NULL);
    g_unix_signal_add(SIGUSR2, on_plug_signal, NULL);
    g_unix_signal_add(SIGTERM, on_end_signal, NULL);
    g_unix_signal_add(SIGINT, on_end_signal, NULL);
    g_main_loop_run(end.loop);
    g_main_loop_unref(end.loop);
    return WIFEXITED(end.status) ? WEXITSTATUS(end.status) : 128 + WTERMSIG(end.status);
}

static int usage(const char *problem) {
    fprintf(stderr,
            "usb-mock: %s\nusage: usb-mock --phone FIELD,FIELD… [--phone …] -- COMMAND ARGUMENTS…\n",
            problem);
    return 2;
}

// Whether a phone is there, or a hub with a phone behind it.
static bool is_taken(const char *path) {
    g_autofree char *behind = g_strconcat(path, ".", NULL);
    for (int i = 0; i < phone_count; i++) {
        if (!phones[i].path) continue;
        if (!strcmp(phones[i].path, path) || g_str_has_prefix(phones[i].path, behind)) return true;
    }
    return false;
}

// Gives each phone without a path the next one that is free on bus 1.
static void give_paths(void) {
    int port = 0;
    for (int i = 0; i < phone_count; i++) {
        while (!phones[i].path) {
            g_autofree char *path = g_strdup_printf("1-%d", ++port);
            if (!is_taken(path)) phones[i].path = g_steal_pointer(&path);
        }
    }
}

int main(int argc, char **argv) {
    int next = 1;
    for (; next + 1 < argc && !strcmp(argv[next], "--phone"); next += 2) {
        if (phone_count == MAX_PHONES) return usage("16 phones at most");
        Phone phone;
        char *error;
        if (!parse_phone(argv[next + 1], &phone, &error)) return usage(error);
        if (phone.path && is_taken(phone.path)) return usage("two things at one path");
        phones[phone_count++] = phone;
    }
    if (next + 1 >= argc || strcmp(argv[next], "--") != 0) return usage("no command");

    const char *preload = getenv("LD_PRELOAD");
    if (!preload || !strstr(preload, PRELOAD)) {
        // umockdev looks up by libudev whom a uevent is about, and so must be shown its own devices.
        setenv("LD_PRELOAD", PRELOAD, 1);
        execv("/proc/self/exe", argv);
        return usage(strerror(errno));
    }
    testbed = umockdev_testbed_new();
    hubs = g_hash_table_new(g_str_hash, g_str_equal);
    give_paths();
    for (int i = 0; i < phone_count; i++) add_hubs(phones[i].path);
    for (int i = 0; i < phone_count; i++) plug_in(&phones[i]);
    const int status = run_command(argv + next + 1);

    // Removes the testbed's directory.
    g_object_unref(testbed);
    return status;
}
