package main

import (
	"net"
	"syscall"
	"unsafe"
)

// tcp(7), SIOCINQ: how many bytes have come that nobody has read.
const siocinq = 0x541b

func hasUnread(c net.Conn) bool {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return false
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return false
	}
	var count int32
	raw.Control(func(fd uintptr) {
		syscall.Syscall(syscall.SYS_IOCTL, fd, siocinq, uintptr(unsafe.Pointer(&count)))
	})
	return count > 0
}
