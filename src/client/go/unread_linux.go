package main

import (
	"net"
	"syscall"
	"unsafe"
)

const (
	// tcp(7), SIOCINQ: how many bytes have come that nobody has read.
	siocinq = 0x541b
	// include/net/tcp_states.h: the peer's FIN has come, and ours is not sent.
	closeWait = 8
)

func hasUnread(c net.Conn) bool {
	var count int32
	control(c, func(fd uintptr) {
		syscall.Syscall(syscall.SYS_IOCTL, fd, siocinq, uintptr(unsafe.Pointer(&count)))
	})
	return count > 0
}

func hasPeersFin(c net.Conn) bool {
	// The first octet of struct tcp_info is the state (include/uapi/linux/tcp.h).
	var info [8]byte
	length := uint32(len(info))
	control(c, func(fd uintptr) {
		syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&length)), 0)
	})
	return info[0] == closeWait
}

func control(c net.Conn, with func(fd uintptr)) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		raw.Control(with)
	}
}
