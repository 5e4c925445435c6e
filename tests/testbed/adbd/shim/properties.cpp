// Android's properties, for adbd on this machine: they are read from the file $ADBD_PROPS, which has
// the form that the phone's `getprop` prints: "[key]: [value]" on each line.

#include <android-base/parsebool.h>
#include <android-base/properties.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace android {
namespace base {

std::string GetProperty(const std::string& key, const std::string& default_value) {
    const char* path = getenv("ADBD_PROPS");
    if (path == nullptr) return default_value;

    const std::string start = "[" + key + "]: [";
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.compare(0, start.size(), start) == 0 && line.back() == ']') {
            return line.substr(start.size(), line.size() - start.size() - 1);
        }
    }
    return default_value;
}

bool GetBoolProperty(const std::string& key, bool default_value) {
    switch (ParseBool(GetProperty(key, ""))) {
        case ParseBoolResult::kTrue:
            return true;
        case ParseBoolResult::kFalse:
            return false;
        case ParseBoolResult::kError:
            return default_value;
    }
}

// None of the numbers that adbd asks for matters here.
template <typename T>
T GetIntProperty(const std::string&, T default_value, T, T) {
    return default_value;
}
template int GetIntProperty(const std::string&, int, int, int);

template <typename T>
T GetUintProperty(const std::string&, T default_value, T) {
    return default_value;
}
template unsigned GetUintProperty(const std::string&, unsigned, unsigned);

// Nobody changes a property of a phone that stands in a file.
bool SetProperty(const std::string&, const std::string&) {
    return false;
}

}  // namespace base
}  // namespace android
