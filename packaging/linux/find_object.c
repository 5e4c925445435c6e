// What Debian's libgcc_eh, gcc's unwinder, asks of glibc and musl doesn't have: the function that
// finds the program or library that an address is in. With musl's own means.
#define _GNU_SOURCE
#include <link.h>
#include <stddef.h>

// As glibc's <dlfcn.h> has it for x86_64. The unwinder reads dlfo_eh_frame.
struct dl_find_object {
    unsigned long long dlfo_flags;
    void *dlfo_map_start;
    void *dlfo_map_end;
    struct link_map *dlfo_link_map;
    void *dlfo_eh_frame;
    unsigned long long dlfo_reserved[7];
};

struct search {
    ElfW(Addr) address;
    struct dl_find_object *found;
};

static int look(struct dl_phdr_info *object, size_t size, void *data) {
    (void)size;
    struct search *search = data;
    ElfW(Addr) start = 0, end = 0, frames = 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        ElfW(Addr) at = object->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && search->address - at < header->p_memsz) {
            start = at;
            end = at + header->p_memsz;
        } else if (header->p_type == PT_GNU_EH_FRAME) {
            frames = at;
        }
    }
    if (end == 0 || frames == 0)
        return 0;
    *search->found = (struct dl_find_object){
        .dlfo_map_start = (void *)start,
        .dlfo_map_end = (void *)end,
        .dlfo_eh_frame = (void *)frames,
    };
    return 1;
}

int _dl_find_object(void *address, struct dl_find_object *found) {
    struct search search = {(ElfW(Addr))address, found};
    return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
