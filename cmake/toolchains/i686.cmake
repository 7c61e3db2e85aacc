# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# i686 by Debian's cross compiler: a 32-bit processor. Tests run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER i686-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-i386)
# Where Debian's multiarch packages put libraries of that processor.
set(LIBSAP_MULTIARCH i386-linux-gnu)
