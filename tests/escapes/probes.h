// Every act that a row of probes.def can try, by the file that it is in.
#pragma once

#include "outcome.h"
#include "targets.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <cstddef>

// files.cpp
Outcome read_file(const std::string &path);
Outcome read_file_openat2(const std::string &path);
Outcome read_file_relative();
Outcome read_through_symlink();
Outcome list_directory();
Outcome write_existing(const std::string &path);
Outcome take_lease(const std::string &path);
Outcome append_existing(const std::string &path);
Outcome create_file(const std::string &path);
Outcome create_nameless_file();
Outcome make_directory(const std::string &path);
Outcome make_symlink(const std::string &path);
Outcome make_node(const std::string &path, mode_t type, dev_t device);
Outcome make_socket_by_bind(const std::string &path);
Outcome remove_file(const std::string &path);
Outcome remove_directory(const std::string &path);
Outcome truncate_path(const std::string &path);
Outcome truncate_by_open(const std::string &path, int access);
Outcome truncate_by_creat(const std::string &path);
Outcome hard_link(const std::string &from, const std::string &to);
Outcome move(const std::string &from, const std::string &to);
Outcome exchange(const std::string &one, const std::string &other);
Outcome learn_by_stat();
Outcome learn_by_readlink();
Outcome learn_by_getxattr();
Outcome learn_by_inotify();

// ioctls.cpp
Outcome command_directory(unsigned long command);

// metadata.cpp
int opened_readonly();  // a descriptor of the file that the policy grants for reading
Outcome chmod_path(const std::string &path);
Outcome fchmodat_path(const std::string &path);
Outcome fchmodat2_path(const std::string &path);
Outcome chown_path(const std::string &path);
Outcome lchown_path(const std::string &path);
Outcome fchownat_path(const std::string &path);
Outcome utime_path(const std::string &path);
Outcome utimes_path(const std::string &path);
Outcome futimesat_path(const std::string &path);
Outcome utimensat_path(const std::string &path);
Outcome setxattr_path(const std::string &path);
Outcome lsetxattr_path(const std::string &path);
Outcome setxattrat_path(const std::string &path);
Outcome removexattr_path(const std::string &path);
Outcome lremovexattr_path(const std::string &path);
Outcome removexattrat_path(const std::string &path);
Outcome file_setattr_path(const std::string &path);
Outcome fchmod_descriptor(int file);
Outcome fchmodat2_descriptor(int file);
Outcome fchown_descriptor(int file);
Outcome fchownat_descriptor(int file);
Outcome utimensat_descriptor(int file);
Outcome utimensat_empty_descriptor(int file);
Outcome fsetxattr_descriptor(int file);
Outcome setxattrat_descriptor(int file);
Outcome fremovexattr_descriptor(int file);
Outcome removexattrat_descriptor(int file);
Outcome setflags_descriptor(int file);
Outcome setflags_high_bits_descriptor(int file);
Outcome fssetxattr_descriptor(int file);
Outcome file_setattr_descriptor(int file);
Outcome fchmodat2_by_path_descriptor();
Outcome fchownat_by_path_descriptor();
Outcome utimensat_by_path_descriptor();

// proc.cpp
Outcome read_victim_entry(const char *entry);
Outcome read_victim_maps();
Outcome read_victim_memory();
Outcome write_victim_memory();
Outcome read_through_victim_link(const char *link, const std::string &rest);
Outcome adjust_victim_oom_score();
Outcome list_processes();
Outcome open_for_writing(const char *path);

// net.cpp
enum class FastOpen { by_sendto, by_sendmsg, by_sendmmsg, by_connect };
Outcome connect_stream(int family, int type, int protocol, const char *port);
Outcome fast_open(FastOpen how);
Outcome listen_stream(int protocol);
Outcome listen_without_bind();
Outcome turn_input_of_tcp(FastOpen how);
Outcome connect_input_of_tcp();
Outcome listen_on_input();
Outcome send_from_input_of_udp(FastOpen how);
Outcome put_protocol_on_socket(int level, int option, const char *protocol);
Outcome send_datagram(int family);
Outcome connect_datagram();
Outcome receive_datagram();
Outcome ping(int family, int type, int protocol);
Outcome open_network_socket(int family, int type, int protocol);
Outcome open_global_socket(int family, int type, int protocol);
Outcome netlink_route();
Outcome hash_in_kernel();
Outcome connect_vsock();

// unix.cpp; place: "outside", "readwrite", or "abstract" with the name of a target
enum class UnixSend { by_sendto, by_sendmsg, by_sendmmsg, by_connect };
Outcome connect_unix(int type, const char *place, const char *name);
Outcome send_unix(UnixSend how, const char *place, const char *name);
Outcome send_from_pair(UnixSend how, const char *place, const char *name, int type = SOCK_DGRAM);
Outcome send_from_input(UnixSend how, const char *place, const char *name);

// ipc.cpp
Outcome attach_segment();
Outcome find_segment();
Outcome remove_segment();
Outcome read_semaphore();
Outcome raise_semaphore();
Outcome receive_message();
Outcome send_message();
Outcome receive_from_queue();
Outcome send_to_queue();
Outcome remove_queue();
Outcome read_shared_memory();

// process.cpp
Outcome signal_by_kill();
Outcome signal_itself();
Outcome signal_group();
Outcome signal_by_tkill();
Outcome signal_by_tgkill();
Outcome signal_by_queue();
Outcome signal_by_thread_queue();
Outcome signal_by_pidfd();
Outcome signal_by_owner();
Outcome trace_by_attach();
Outcome trace_by_seize();
Outcome read_memory();
Outcome write_memory();
Outcome take_descriptor();
Outcome compare_kernel_objects();
Outcome advise_memory();
Outcome read_robust_list();
Outcome read_limit();
Outcome set_limit();
Outcome renice_process();
Outcome renice_group();
Outcome set_affinity();
Outcome set_scheduler();
Outcome set_scheduler_parameter();
Outcome set_scheduler_attributes();
Outcome set_io_priority();
Outcome move_memory();

// descriptors.cpp
int inherited(const char *name);
Outcome read_inherited(const char *name);
Outcome write_inherited();
Outcome map_inherited();
Outcome truncate_inherited();
Outcome open_at_inherited();
Outcome accept_inherited();
Outcome receive_descriptor();
Outcome signal_inherited_process();
Outcome take_from_inherited_process();

// uring.cpp
Outcome make_ring();
Outcome open_by_ring();
Outcome connect_by_ring();
Outcome open_by_inherited_ring();
Outcome open_by_inherited_personality();

// terminal.cpp
inline constexpr unsigned long high_bits = 1UL << 32;
Outcome type_into_terminal(unsigned long bits);
Outcome type_into_reopened_terminal();
Outcome change_discipline();
Outcome command_console(unsigned long bits);

// foreign_arch.cpp
Outcome enter_by_i386();
Outcome open_by_i386();
Outcome keyring_by_i386();
Outcome enter_by_x32();
Outcome open_by_x32();
Outcome keyring_by_high_number();

// code.cpp
Outcome execute_file(const std::string &path);
Outcome execute_copy();
Outcome execute_script();
Outcome make_memory_file();
Outcome execute_memory();
Outcome execute_memory_by_path();
Outcome execute_descriptor_of(const std::string &path);
Outcome execute_removed_file();
Outcome execute_by_dynamic_loader(const std::string &shell);
Outcome execute_memory_by_dynamic_loader();
Outcome execute_copy_by_dynamic_loader();
Outcome execute_by_interpreter();
Outcome call_trampoline(long number);

// namespaces.cpp
Outcome unshare_namespaces(int flags);
Outcome clone_user_namespace();
Outcome clone3_user_namespace();
Outcome join_namespaces(int flags);
Outcome mount_memory();
Outcome mount_outside();
Outcome unmount();
Outcome change_root();
Outcome pivot_root();
Outcome clone_mounts();
Outcome clone_mounts_with_attributes();
Outcome move_cloned_mounts();
Outcome change_mount_attributes();
Outcome open_file_system();
Outcome pick_file_system();
Outcome make_handle();
Outcome open_handle();

// kernel.cpp
Outcome make_key();
Outcome read_key();
Outcome find_key();
Outcome find_user_keyring();
Outcome make_bpf_map();
Outcome load_bpf_program();
Outcome count_events(pid_t process);
Outcome handle_page_faults();
Outcome watch_file_system();
Outcome load_kernel();
Outcome load_kernel_file();
Outcome load_module();
Outcome load_module_file();
Outcome unload_module();
Outcome restart_machine();
Outcome swap_on_nothing();
Outcome account_to_nothing();
Outcome set_own_host_name();
Outcome set_clock_to_itself();
Outcome read_kernel_log();
Outcome permit_port();
