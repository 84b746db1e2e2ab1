// The C interface from Go: starts a command under a policy. Go has threads of its own, so that it cannot restrict itself
// before Landlock ABI 8; what it starts is held. CGO_LDFLAGS=-lllexec go build main.go
package main

/*
#cgo LDFLAGS: -lllexec
#include <llexec.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

// Those of a C array, which ends with a null pointer.
func words(from []string) **C.char {
	to := (*[1 << 10]*C.char)(C.calloc(C.size_t(len(from)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	for i, word := range from {
		to[i] = C.CString(word)
	}
	return &to[0]
}

func main() {
	failure := C.ll_error{size: C.uint32_t(unsafe.Sizeof(C.ll_error{}))}
	options := []string{"-p", "base", "--rx=/usr", "--rx=-/bin", "--rx=-/lib", "--rx=-/lib64"}
	policy := C.ll_policy_new(words(options), nil, 0, nil, &failure)
	// What C is given must not point into Go's memory.
	how := (*C.struct_ll_start)(C.calloc(1, C.size_t(unsafe.Sizeof(C.struct_ll_start{}))))
	how.size, how.argv = C.uint32_t(unsafe.Sizeof(*how)), words(append([]string{"cat"}, os.Args[1:]...))
	child := C.struct_ll_child{size: C.uint32_t(unsafe.Sizeof(C.struct_ll_child{}))}
	if policy == nil || C.ll_spawn(policy, how, &child, &failure) != 0 {
		fmt.Print(C.GoString(&failure.text[0]))
		os.Exit(int(failure.status))
	}
	process, _ := os.FindProcess(int(child.pid))
	state, _ := process.Wait()
	fmt.Println("status", state.ExitCode())
}
