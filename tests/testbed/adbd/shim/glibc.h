// Included before everything else: headers that Android's C and C++ libraries bring along by
// themselves and glibc's and libstdc++'s don't, and one function of Android's that adbd names.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <optional>

// Says who owns a file in Android's images. Never called here, but it must be there to link.
extern "C" inline void fs_config(const char*, int, const char*, unsigned*, unsigned*, unsigned*,
                                 uint64_t*) {}
