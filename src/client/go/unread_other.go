//go:build !linux

package main

import "net"

func hasUnread(net.Conn) bool {
	return false
}

func hasPeersFin(net.Conn) bool {
	return false
}
