// A MongoDB server that counts what it is sent and keeps nothing, to measure a client alone.
// It speaks OP_MSG and the legacy hello, one thread per connection, and answers every command that
// Sluice sends as a standalone server would that took everything: finds and listings are empty,
// each update matches. (A load that looks for its last batch does not find it, and sends it once
// more.) The command {stat: 1} tells and resets the counts.
// Run as `null_mongod PORT`; with port 0 it draws one and prints it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OP_REPLY = 1, OP_QUERY = 2004, OP_MSG = 2013, MORE_TO_COME = 2, CHECKSUM = 1 };
enum { LARGEST = 48000000, HEADER = 16 };

static _Atomic long documents, bytes, messages;

static int32_t read32(const uint8_t *p) { int32_t v; memcpy(&v, p, 4); return v; }
static void write32(uint8_t *p, int32_t v) { memcpy(p, &v, 4); }

static int read_all(int fd, uint8_t *into, size_t n) {
    while (n) {
        ssize_t got = recv(fd, into, n, MSG_WAITALL);
        if (got <= 0) return -1;
        into += got;
        n -= got;
    }
    return 0;
}

// ---- replies: small BSON documents, written front to back ---------------------------------------
typedef struct { uint8_t data[4096]; int size; } Bson;

static void begin(Bson *b) { b->size = 4; }
static void key(Bson *b, int type, const char *name) {
    size_t length = strlen(name) + 1;
    b->data[b->size++] = type;
    memcpy(b->data + b->size, name, length);
    b->size += length;
}
static void put(Bson *b, const void *value, size_t length) {
    memcpy(b->data + b->size, value, length);
    b->size += length;
}
static void int32(Bson *b, const char *name, int32_t v) { key(b, 0x10, name); put(b, &v, 4); }
static void int64(Bson *b, const char *name, int64_t v) { key(b, 0x12, name); put(b, &v, 8); }
static void number(Bson *b, const char *name, double v) { key(b, 0x01, name); put(b, &v, 8); }
static void date(Bson *b, const char *name, int64_t ms) { key(b, 0x09, name); put(b, &ms, 8); }
static void null(Bson *b, const char *name) { key(b, 0x0a, name); }
static void boolean(Bson *b, const char *name, uint8_t v) { key(b, 0x08, name); put(b, &v, 1); }
static void string(Bson *b, const char *name, const char *v) {
    int32_t length = strlen(v) + 1;
    key(b, 0x02, name);
    put(b, &length, 4);
    put(b, v, length);
}
static int open_inner(Bson *b, int type, const char *name) {
    key(b, type, name);
    b->size += 4;
    return b->size - 4;
}
static void close_inner(Bson *b, int start) {
    b->data[b->size++] = 0;
    write32(b->data + start, b->size - start);
}
static void end(Bson *b) { number(b, "ok", 1); close_inner(b, 0); }

static void hello(Bson *b) {
    boolean(b, "helloOk", 1);
    boolean(b, "isWritablePrimary", 1);
    boolean(b, "ismaster", 1);
    int32(b, "maxBsonObjectSize", 16777216);
    int32(b, "maxMessageSizeBytes", LARGEST);
    int32(b, "maxWriteBatchSize", 100000);
    date(b, "localTime", (int64_t)time(0) * 1000);
    int32(b, "logicalSessionTimeoutMinutes", 30);
    int32(b, "connectionId", 1);
    int32(b, "minWireVersion", 0);
    int32(b, "maxWireVersion", 21);
    boolean(b, "readOnly", 0);
}
static void build_info(Bson *b) {
    string(b, "version", "7.0.0");
    int inner = open_inner(b, 0x04, "versionArray");
    int32(b, "0", 7);
    int32(b, "1", 0);
    int32(b, "2", 0);
    int32(b, "3", 0);
    close_inner(b, inner);
}
static void empty_cursor(Bson *b) {
    int inner = open_inner(b, 0x03, "cursor");
    int list = open_inner(b, 0x04, "firstBatch");
    close_inner(b, list);
    int64(b, "id", 0);
    string(b, "ns", "null.null");
    close_inner(b, inner);
}
static void statistics(Bson *b) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    int64(b, "documents", documents);
    int64(b, "bytes", bytes);
    int64(b, "messages", messages);
    number(b, "cpu", used.ru_utime.tv_sec + used.ru_stime.tv_sec
                         + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    documents = bytes = messages = 0;
}

// ---- requests -----------------------------------------------------------------------------------
// How many documents stand in a BSON array at `p`.
static long count_array(const uint8_t *p) {
    long n = 0;
    const uint8_t *at = p + 4, *stop = p + read32(p) - 1;
    while (at < stop) {
        at++;
        at += strlen((const char *)at) + 1;
        at += read32(at);
        n++;
    }
    return n;
}

// How many documents stand in the arrays of a command's own document (insert, update, delete).
static long count_embedded(const uint8_t *p) {
    const uint8_t *at = p + 4, *stop = p + read32(p) - 1;
    while (at < stop) {
        int type = *at++;
        const char *name = (const char *)at;
        at += strlen(name) + 1;
        if (type == 4 && (!strcmp(name, "documents") || !strcmp(name, "updates")
                          || !strcmp(name, "deletes")))
            return count_array(at);
        switch (type) {
        case 0x01: case 0x09: case 0x11: case 0x12: at += 8; break;
        case 0x02: at += 4 + read32(at); break;
        case 0x03: case 0x04: at += read32(at); break;
        case 0x05: at += 5 + read32(at); break;
        case 0x07: at += 12; break;
        case 0x08: at += 1; break;
        case 0x10: at += 4; break;
        case 0x0a: break;
        default: return 0;
        }
    }
    return 0;
}

// The command's name and how many documents it brings, in its body or as a document sequence.
static const char *parse(const uint8_t *message, size_t size, long *count) {
    const char *name = "";
    size_t at = 4, stop = size - ((read32(message) & CHECKSUM) ? 4 : 0);
    *count = 0;
    while (at < stop) {
        int kind = message[at++];
        size_t length = read32(message + at);
        if (kind == 0) {
            name = (const char *)message + at + 5;
            *count += count_embedded(message + at);
        } else {
            size_t document = at + 4 + strlen((const char *)message + at + 4) + 1;
            for (; document < at + length; document += read32(message + document)) ++*count;
        }
        at += length;
    }
    return name;
}

static int is(const char *name, const char *any) {
    return strcasecmp(name, any) == 0;
}

static void answer(Bson *b, const char *name, long count, size_t size) {
    begin(b);
    if (is(name, "hello") || is(name, "ismaster")) {
        hello(b);
    } else if (is(name, "insert")) {
        documents += count;
        bytes += size;
        messages++;
        int32(b, "n", count);
    } else if (is(name, "update")) {
        int32(b, "n", count);
        int32(b, "nModified", count);
    } else if (is(name, "delete") || is(name, "count")) {
        int32(b, "n", 0);
    } else if (is(name, "findAndModify")) {
        null(b, "value");
    } else if (is(name, "find") || is(name, "aggregate") || is(name, "listCollections")
               || is(name, "listIndexes")) {
        empty_cursor(b);
    } else if (is(name, "buildInfo")) {
        build_info(b);
    } else if (is(name, "stat")) {
        statistics(b);
    }
    end(b);
}

static int send_reply(int fd, const Bson *b, int32_t to, int legacy) {
    uint8_t reply[HEADER + 20 + sizeof b->data] = {0};
    int start = HEADER + (legacy ? 20 : 5);
    write32(reply, start + b->size);
    write32(reply + 4, 1);
    write32(reply + 8, to);
    write32(reply + 12, legacy ? OP_REPLY : OP_MSG);
    if (legacy) {
        write32(reply + 16, 8);
        write32(reply + 32, 1);
    }
    memcpy(reply + start, b->data, b->size);
    return send(fd, reply, start + b->size, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static void *serve(void *argument) {
    int fd = (int)(intptr_t)argument, on = 1, window = 4 << 20;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    uint8_t *message = malloc(LARGEST + 1024), header[HEADER];
    while (!read_all(fd, header, HEADER)) {
        int32_t size = read32(header), id = read32(header + 4), operation = read32(header + 12);
        if (size < HEADER || size > LARGEST + 1024) break;
        if (read_all(fd, message, size - HEADER)) break;
        Bson b;
        if (operation == OP_QUERY) {
            answer(&b, "hello", 0, 0);
            if (send_reply(fd, &b, id, 1)) break;
            continue;
        }
        if (operation != OP_MSG) break;
        long count;
        const char *name = parse(message, size - HEADER, &count);
        answer(&b, name, count, size);
        if (!(read32(message) & MORE_TO_COME) && send_reply(fd, &b, id, 0)) break;
    }
    close(fd);
    free(message);
    return 0;
}

int main(int count, char **arguments) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_port = htons(count > 1 ? atoi(arguments[1]) : 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (void *)&address, length) || listen(listener, 64)) {
        perror("null_mongod");
        return 1;
    }
    getsockname(listener, (void *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int fd = accept(listener, 0, 0);
        pthread_t thread;
        if (fd >= 0 && !pthread_create(&thread, 0, serve, (void *)(intptr_t)fd))
            pthread_detach(thread);
    }
}
