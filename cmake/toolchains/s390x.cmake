# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# s390x by Debian's cross compiler: a big-endian processor. Tests run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_C_COMPILER s390x-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x)
# Where Debian's multiarch packages put libraries of that processor.
set(LIBSAP_MULTIARCH s390x-linux-gnu)
