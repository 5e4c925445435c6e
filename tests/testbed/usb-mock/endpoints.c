// The bulk endpoints of a phone: packets on the host's side, a TCP connection to adbd on the other.
//
// A TCP stream has no packets, so they are cut as the real adbd cuts them on USB: a message's header
// is a transfer of its own, and so is its payload. What a host must know of packets is kept:
// - A read ends with a packet of less than 512 bytes, or when it is full. A payload of 512 bytes
//   (or 1024, …) has no such packet, and adbd sends no empty one after it.
// - A packet that is larger than what is left of a read is an overflow, and the rest of it is lost.
// - adbd reads blocks of 16 KiB, which end in the same way: so a host sends an empty packet after
//   512 bytes. adbd ends where a header comes in a block with something else (CHECK_EQ and CHECK_LE
//   in ProcessRead() of its daemon/usb.cpp): here the phone is then unplugged.

#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <linux/usbdevice_fs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "phone.h"

enum {
    HEADER = 24,
    // Larger than any message that adbd sends; what says more is no message.
    MAX_PAYLOAD = 16 << 20,
};

static uint32_t field(const uint8_t *header, int number) {
    uint32_t value;
    memcpy(&value, header + 4 * number, 4);
    return GUINT32_FROM_LE(value);
}
static uint32_t payload_length(const uint8_t *header) {
    return field(header, 3);
}
static bool is_header(const uint8_t *header) {
    return field(header, 0) == (field(header, 5) ^ 0xffffffff) &&
           payload_length(header) <= MAX_PAYLOAD;
}

// How long the next packet is; 0 if not all of it is there. After `ended` no more bytes come.
static int next_packet(Stream *stream, bool ended) {
    const int there = (int)stream->bytes->len;
    if (!stream->raw && stream->payload_left == 0 && there >= HEADER &&
        !is_header(stream->bytes->data)) {
        fprintf(stderr, "usb-mock: what the phone sends is no ADB message; it's sent as it comes\n");
        stream->raw = true;
    }
    if (stream->raw) return MIN(there, PACKET);
    const int wanted = stream->payload_left ? MIN((int)stream->payload_left, PACKET) : HEADER;
    if (there >= wanted) return wanted;
    return ended ? MIN(there, PACKET) : 0;
}

static void packet_sent(Stream *stream, int length) {
    if (!stream->raw) {
        if (stream->payload_left) stream->payload_left -= (uint32_t)length;
        else if (length == HEADER) stream->payload_left = payload_length(stream->bytes->data);
    }
    g_byte_array_remove_range(stream->bytes, 0, (guint)length);
}

// Reads what adbd has sent. False when it has ended the connection.
static bool receive(Plug *plug) {
    uint8_t bytes[BLOCK];
    while (plug->live.bytes->len < 4 * BLOCK) {
        const ssize_t length = recv(plug->socket, bytes, sizeof bytes, MSG_DONTWAIT);
        if (length > 0) {
            g_byte_array_append(plug->live.bytes, bytes, (guint)length);
        } else {
            return length < 0 && (errno == EAGAIN || errno == EINTR);
        }
    }
    return true;
}

// Puts one packet into the first read that waits. False if there is none yet.
static bool deliver_packet(Plug *plug) {
    Phone *phone = plug->phone;
    // What a former session has left comes first.
    const bool is_stale = phone->stale.bytes->len > 0;
    Stream *stream = is_stale ? &phone->stale : &plug->live;
    const int packet = next_packet(stream, is_stale);
    if (packet == 0) return false;

    if (phone->unplug_after >= 0 && plug->answered + packet > phone->unplug_after) {
        unplug(plug);
        return false;
    }
    Urb *urb = g_queue_peek_head(&plug->reading);
    const struct usbdevfs_urb *request = (const void *)urb->urb->data;
    const int room = request->buffer_length - urb->filled;
    const int taken = MIN(packet, room);
    memcpy(urb->buffer->data + urb->filled, stream->bytes->data, (size_t)taken);
    urb->filled += taken;
    plug->answered += packet;
    packet_sent(stream, packet);

    if (packet > room || packet < PACKET || urb->filled == request->buffer_length) {
        g_queue_pop_head(&plug->reading);
        finish_urb(urb, packet > room ? -EOVERFLOW : 0);
    }
    return true;
}

static void stop_watching(Plug *plug) {
    if (!plug->watch) return;
    g_source_destroy(plug->watch);
    g_source_unref(plug->watch);
    plug->watch = NULL;
}

static gboolean on_readable(gint fd, GIOCondition condition, gpointer data) {
    (void)fd;
    (void)condition;
    g_rec_mutex_lock(&state_lock);
    // The other thread may have stopped it just now.
    if (!g_source_is_destroyed(g_main_current_source())) serve_reading(data);
    g_rec_mutex_unlock(&state_lock);
    return G_SOURCE_CONTINUE;
}

// Fills the reads that wait with what there is, and sees to it that this goes on when more comes.
void serve_reading(Plug *plug) {
    while (!plug->gone && !g_queue_is_empty(&plug->reading)) {
        if (deliver_packet(plug)) continue;
        if (plug->gone || plug->socket < 0) break;

        const guint before = plug->live.bytes->len;
        const bool open = receive(plug);
        if (plug->live.bytes->len > before) continue;
        if (!open) {
            // A phone whose adbd ends takes its interface off the bus.
            fprintf(stderr, "usb-mock: %s: adbd has ended the connection\n", plug->node);
            unplug(plug);
        }
        break;
    }
    // Nothing is taken from adbd that nobody asks for: it must find the connection as full as it
    // would find its endpoint.
    if (plug->socket < 0 || g_queue_is_empty(&plug->reading)) {
        stop_watching(plug);
    } else if (!plug->watch) {
        plug->watch = g_unix_fd_source_new(plug->socket, G_IO_IN | G_IO_HUP);
        g_source_set_callback(plug->watch, G_SOURCE_FUNC(on_readable), plug, NULL);
        g_source_attach(plug->watch, NULL);
    }
}

// Connects to the phone's adbd where that isn't done yet.
bool start_session(Plug *plug) {
    if (plug->socket >= 0) return true;
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)plug->phone->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    plug->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(plug->socket, (const struct sockaddr *)&address, sizeof address) != 0) {
        fprintf(stderr, "usb-mock: nobody answers on port %d: %s\n", plug->phone->port,
                strerror(errno));
        close(plug->socket);
        plug->socket = -1;
        return false;
    }
    setsockopt(plug->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    plug->live.raw = plug->phone->raw;
    return true;
}

// Ends the connection to adbd, and forgets what it has sent.
void end_session(Plug *plug) {
    stop_watching(plug);
    if (plug->socket >= 0) close(plug->socket);
    plug->socket = -1;
    plug->live.payload_left = 0;
    g_byte_array_set_size(plug->live.bytes, 0);
    plug->payload_missing = 0;
    g_byte_array_set_size(plug->block, 0);
}

static bool forward(Plug *plug, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        const ssize_t sent = send(plug->socket, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

// Does with a block what adbd does. False where adbd would end.
static bool take_block(Plug *plug) {
    const uint8_t *bytes = plug->block->data;
    const guint length = plug->block->len;
    if (length == 0) return true;
    if (!plug->live.raw) {
        if (plug->payload_missing == 0) {
            if (length != HEADER || !is_header(bytes)) {
                fprintf(stderr, "usb-mock: %s: %u bytes are no header of an ADB message\n",
                        plug->node, length);
                return false;
            }
            plug->payload_missing = payload_length(bytes);
        } else if (length <= plug->payload_missing) {
            plug->payload_missing -= length;
        } else {
            fprintf(stderr, "usb-mock: %s: a payload has %u bytes more than its header says\n",
                    plug->node, length - plug->payload_missing);
            return false;
        }
    }
    const bool sent = forward(plug, bytes, length);
    g_byte_array_set_size(plug->block, 0);
    return sent;
}

// Takes what the host sends. False when the phone is gone over it.
bool send_to_phone(Plug *plug, const uint8_t *bytes, int length, bool zero_packet) {
    bool alive = true;
    const bool ends_short = length % PACKET != 0 || length == 0 || zero_packet;
    while (alive && length > 0) {
        const int taken = MIN(length, BLOCK - (int)plug->block->len);
        g_byte_array_append(plug->block, bytes, (guint)taken);
        bytes += taken;
        length -= taken;
        if (plug->block->len == BLOCK) alive = take_block(plug);
    }
    if (alive && (ends_short || plug->live.raw)) alive = take_block(plug);
    if (!alive) unplug(plug);
    return alive;
}
