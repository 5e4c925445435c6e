// What the kernel does for a program that has a phone's device node open (USBDEVFS_*).

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>

#include "phone.h"

// A program asks for finished requests in a loop, since umockdev's device nodes can't be waited for
// as real ones can. It's kept waiting so long, instead of working all the time.
enum { REAP_WAIT_MS = 2 };

static struct usbdevfs_urb *request_of(Urb *urb) {
    return (struct usbdevfs_urb *)(void *)urb->urb->data;
}

static void free_urb(Urb *urb) {
    g_object_unref(urb->urb);
    if (urb->buffer) g_object_unref(urb->buffer);
    g_free(urb);
}

static void answer(Client *client, long result, int error) {
    umockdev_ioctl_client_complete(client->handle, result, error);
}

// Hands over a request that is done. False if there is none.
static bool reap(Client *client) {
    Urb *urb = g_queue_pop_head(&client->done);
    if (!urb) return false;
    UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client->handle);
    UMockdevIoctlData *pointer = umockdev_ioctl_data_resolve(argument, 0, sizeof(void *), NULL);
    if (pointer) {
        umockdev_ioctl_data_set_ptr(pointer, 0, urb->urb);
        g_object_unref(pointer);
        answer(client, 0, 0);
    } else {
        answer(client, -1, EFAULT);
    }
    free_urb(urb);
    return true;
}

static void stop_reap_timer(Client *client) {
    if (client->reap_timer) g_source_remove(client->reap_timer);
    client->reap_timer = 0;
}

static void stop_reaping(Client *client) {
    stop_reap_timer(client);
    client->reaping = false;
    // The last reference, perhaps: the program may have been killed while it waited.
    g_object_unref(client->handle);
}

static gboolean on_reap_timer(gpointer data) {
    g_rec_mutex_lock(&state_lock);
    if (!g_source_is_destroyed(g_main_current_source())) {
        Client *client = data;
        client->reap_timer = 0;
        answer(client, -1, client->reap_error);
        stop_reaping(client);
    }
    g_rec_mutex_unlock(&state_lock);
    return G_SOURCE_REMOVE;
}

// `error` says that nothing is done yet.
static void start_reaping(Client *client, int error) {
    if (reap(client)) return;
    if (client->plug->gone) {
        answer(client, -1, ENODEV);
        return;
    }
    // umockdev holds it only while it handles a request, and this one stays open.
    g_object_ref(client->handle);
    client->reaping = true;
    client->reap_error = error;
    client->reap_timer = g_timeout_add(REAP_WAIT_MS, on_reap_timer, client);
}

// The request is done: the program finds it so when it asks.
void finish_urb(Urb *urb, int status) {
    Client *client = urb->client;
    request_of(urb)->status = status;
    request_of(urb)->actual_length = urb->filled;
    g_queue_push_tail(&client->done, urb);
    if (client->reaping) {
        reap(client);
        stop_reaping(client);
    }
}

static void submit_control(Urb *urb) {
    struct usbdevfs_urb *request = request_of(urb);
    const int length = control_request(urb->client->plug->phone, urb->buffer->data,
                                       request->buffer_length);
    urb->filled = MAX(length, 0);
    finish_urb(urb, MIN(length, 0));
}

static void submit_bulk(Urb *urb) {
    Plug *plug = urb->client->plug;
    const struct usbdevfs_urb *request = request_of(urb);
    const bool reads = request->endpoint & 0x80;
    const bool answered = (request->endpoint & 0x7f) == bulk_endpoint(plug->phone);

    if (answered && !start_session(plug)) {
        finish_urb(urb, -EPROTO);
    } else if (reads && answered) {
        g_queue_push_tail(&plug->reading, urb);
        serve_reading(plug);
    } else if (reads) {
        g_queue_push_tail(&plug->reading, urb);  // For ever.
    } else {
        const bool zero_packet = request->flags & USBDEVFS_URB_ZERO_PACKET;
        const uint8_t *bytes = urb->buffer ? urb->buffer->data : NULL;
        const bool alive =
            !answered || send_to_phone(plug, bytes, request->buffer_length, zero_packet);
        urb->filled = alive ? request->buffer_length : 0;
        finish_urb(urb, alive ? 0 : -ESHUTDOWN);
    }
}

static void submit(Client *client, UMockdevIoctlData *argument) {
    UMockdevIoctlData *data =
        umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_urb), NULL);
    if (!data) {
        answer(client, -1, EFAULT);
        return;
    }
    Urb *urb = g_new0(Urb, 1);
    urb->client = client;
    urb->urb = data;
    const int length = request_of(urb)->buffer_length;
    if (length > 0) {
        urb->buffer = umockdev_ioctl_data_resolve(
            data, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gsize)length, NULL);
    }
    const uint8_t type = request_of(urb)->type;
    if (length < 0 || (length > 0 && !urb->buffer) || (type == USBDEVFS_URB_TYPE_CONTROL && length < 8)) {
        free_urb(urb);
        answer(client, -1, EINVAL);
        return;
    }
    // First, since it is done with the argument, which the answer takes away.
    answer(client, 0, 0);
    if (type == USBDEVFS_URB_TYPE_CONTROL) submit_control(urb);
    else submit_bulk(urb);
}

static void discard(Client *client, UMockdevIoctlData *argument) {
    gulong address;
    memcpy(&address, argument->data, sizeof address);
    for (GList *link = client->plug->reading.head; link; link = link->next) {
        Urb *urb = link->data;
        if (urb->client != client || urb->urb->client_addr != address) continue;
        g_queue_delete_link(&client->plug->reading, link);
        answer(client, 0, 0);
        finish_urb(urb, -ENOENT);
        return;
    }
    answer(client, -1, EINVAL);
}

static void claim(Client *client, unsigned interface) {
    Plug *plug = client->plug;
    if (interface >= (unsigned)plug->phone->interface_count) {
        answer(client, -1, ENOENT);
        return;
    }
    Client **owner = &plug->claimed_by[interface];
    if (plug->phone->busy || (*owner && *owner != client)) {
        answer(client, -1, EBUSY);
        return;
    }
    *owner = client;
    answer(client, 0, 0);
}

static void release(Client *client, unsigned interface) {
    Plug *plug = client->plug;
    if (interface >= (unsigned)plug->phone->interface_count || plug->claimed_by[interface] != client) {
        answer(client, -1, EINVAL);
        return;
    }
    plug->claimed_by[interface] = NULL;
    if (!plug->phone->sticky) end_session(plug);
    answer(client, 0, 0);
}

static void get_driver(Client *client, UMockdevIoctlData *argument) {
    Plug *plug = client->plug;
    UMockdevIoctlData *data =
        umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_getdriver), NULL);
    if (!data) {
        answer(client, -1, EFAULT);
        return;
    }
    struct usbdevfs_getdriver *driver = (void *)data->data;
    if (driver->interface < (unsigned)plug->phone->interface_count &&
        (plug->phone->busy || plug->claimed_by[driver->interface])) {
        // Another program holds it, the adb server perhaps.
        g_strlcpy(driver->driver, "usbfs", sizeof driver->driver);
        answer(client, 0, 0);
    } else {
        answer(client, -1, ENODATA);
    }
    g_object_unref(data);
}

// The number that the argument points to.
static unsigned number(UMockdevIoctlData *argument) {
    unsigned value = ~0u;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, sizeof value, NULL);
    if (data) {
        memcpy(&value, data->data, sizeof value);
        g_object_unref(data);
    }
    return value;
}

static void get_capabilities(Client *client, UMockdevIoctlData *argument) {
    // Those of a PC of today. With scatter and gather libusb makes one request of a large transfer.
    const uint32_t capabilities = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                                  USBDEVFS_CAP_BULK_SCATTER_GATHER |
                                  USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, sizeof capabilities, NULL);
    memcpy(data->data, &capabilities, sizeof capabilities);
    g_object_unref(data);
    answer(client, 0, 0);
}

static void handle(Client *client, gulong request, UMockdevIoctlData *argument) {
    const bool reaps = request == USBDEVFS_REAPURB ||
                       request == USBDEVFS_REAPURBNDELAY;
    if (client->plug->gone && !reaps) {
        answer(client, -1, ENODEV);
        return;
    }
    switch (request) {
        case USBDEVFS_GET_CAPABILITIES:
            return get_capabilities(client, argument);
        case USBDEVFS_SUBMITURB:
            return submit(client, argument);
        case USBDEVFS_DISCARDURB:
            return discard(client, argument);
        case USBDEVFS_REAPURB:
            // It should wait for ever; but the program's other threads wait for the answer, too
            // (umockdev lets one at a time ask), so this is as if a signal had come.
            return start_reaping(client, EINTR);
        case USBDEVFS_REAPURBNDELAY:
            return start_reaping(client, EAGAIN);
        case USBDEVFS_CLAIMINTERFACE:
        case USBDEVFS_DISCONNECT_CLAIM:  // Its struct begins with the interface, too.
            return claim(client, number(argument));
        case USBDEVFS_RELEASEINTERFACE:
            return release(client, number(argument));
        case USBDEVFS_GETDRIVER:
            return get_driver(client, argument);
        case USBDEVFS_IOCTL:
            // To take a driver from an interface, or give it one: there is none.
            return answer(client, -1, ENODATA);
        case USBDEVFS_SETINTERFACE:
        case USBDEVFS_SETCONFIGURATION:
        case USBDEVFS_CLEAR_HALT:
        case USBDEVFS_RESETEP:
        case USBDEVFS_RESET:
            return answer(client, 0, 0);
        default:
            return answer(client, -1, ENOTTY);
    }
}

// The program has closed the node, or was killed: the kernel gives up all that it had.
static void on_closed(gpointer data, GObject *handle) {
    (void)handle;
    Client *client = data;
    g_rec_mutex_lock(&state_lock);
    Plug *plug = client->plug;
    stop_reap_timer(client);
    bool had_something = false;
    for (int i = 0; i < MAX_INTERFACES; i++) {
        if (plug->claimed_by[i] != client) continue;
        plug->claimed_by[i] = NULL;
        had_something = true;
    }
    for (GList *link = plug->reading.head; link;) {
        GList *next = link->next;
        Urb *urb = link->data;
        if (urb->client == client) {
            free_urb(urb);
            g_queue_delete_link(&plug->reading, link);
            had_something = true;
        }
        link = next;
    }
    g_queue_clear_full(&client->done, (GDestroyNotify)free_urb);
    if (had_something && !plug->phone->sticky) end_session(plug);
    g_rec_mutex_unlock(&state_lock);
    g_free(client);
}

static Client *client_of(Plug *plug, UMockdevIoctlClient *handle) {
    Client *client = g_object_get_data(G_OBJECT(handle), "client");
    if (!client) {
        client = g_new0(Client, 1);
        client->plug = plug;
        client->handle = handle;
        g_object_set_data(G_OBJECT(handle), "client", client);
        // umockdev tells nobody when a program closes a node; its object for it goes then.
        g_object_weak_ref(G_OBJECT(handle), on_closed, client);
    }
    return client;
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *handle_, gpointer data) {
    (void)base;
    g_rec_mutex_lock(&state_lock);
    handle(client_of(data, handle_), umockdev_ioctl_client_get_request(handle_),
           umockdev_ioctl_client_get_arg(handle_));
    g_rec_mutex_unlock(&state_lock);
    return TRUE;
}

void attach_usbfs(UMockdevTestbed *testbed, Plug *plug) {
    UMockdevIoctlBase *base = umockdev_ioctl_base_new();
    g_signal_connect(base, "handle-ioctl", G_CALLBACK(on_ioctl), plug);
    GError *error = NULL;
    if (!umockdev_testbed_attach_ioctl(testbed, plug->node, base, &error)) {
        g_error("%s: %s", plug->node, error->message);
    }
}
