# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# A Slurm cluster on loopback: a controller and two nodes, with munge, for jobs of an ordinary user. Load besides helpers.bash.

load helpers

# A user in passwd(5), which Slurm needs.
CLUSTER_USER=nobody
export PATH=${PATH}:/usr/sbin

needs_slurm() {
  needs_root
  needs_program slurmctld slurmd sbatch munged setpriv
  id "${CLUSTER_USER}" >/dev/null || skip "needs the user ${CLUSTER_USER}"
}

# keeps PID...: kills it at the end of the test.
keeps() { started_pids+=("$@"); }

in_background() { # LOG COMMAND...
  local log=$1
  shift
  "$@" </dev/null >"${CLUSTER}/${log}" 2>&1 3>&- &
  keeps "$!"
}

start_node() { # NAME
  in_background "$1.log" slurmd -D -N "$1"
  NODE_PIDS[$1]=$!
}

# In a directory that the user of the jobs can reach, with the programs. Sets ${CLUSTER}, ${JOBS} and SLURM_CONF.
start_cluster() {
  local host port=$((20000 + RANDOM % 20000))
  declare -gA NODE_PIDS=()
  started_pids=()
  CLUSTER=$(mktemp -d /var/tmp/ll-cluster.XXXXXX)
  chmod 755 "${CLUSTER}"
  JOBS=${CLUSTER}/work
  mkdir "${CLUSTER}"/{run,state,n1,n2,bin}
  install -d -o "${CLUSTER_USER}" "${JOBS}"
  install -m 755 "${LL_BUILT}"/{ll-exec,ll-net} "${CLUSTER}/bin/"
  cp -r "${LL_BUILT}/policies" "${CLUSTER}/bin/"
  chmod -R a+rX "${CLUSTER}/bin"
  host=$(hostname)
  (umask 077 && head -c 1024 /dev/urandom >"${CLUSTER}/munge.key")
  : >"${CLUSTER}/cgroup.conf"
  export SLURM_CONF=${CLUSTER}/slurm.conf
  cat >"${SLURM_CONF}" <<END
ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${CLUSTER}/run/munge
CredType=cred/munge
StateSaveLocation=${CLUSTER}/state
SlurmdSpoolDir=${CLUSTER}/%n
SlurmctldPidFile=${CLUSTER}/run/slurmctld.pid
SlurmdPidFile=${CLUSTER}/run/%n.pid
SlurmctldPort=${port}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
ReturnToService=2
SlurmctldTimeout=10
SlurmdTimeout=10
MinJobAge=7200
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
JobCompType=jobcomp/filetxt
JobCompLoc=${CLUSTER}/jobs.txt
NodeName=n1 NodeHostname=${host} NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=4 RealMemory=8000
NodeName=n2 NodeHostname=${host} NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=4 RealMemory=8000
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
END
  in_background munge.log munged --foreground --force --key-file="${CLUSTER}/munge.key" --socket="${CLUSTER}/run/munge" \
    --pid-file="${CLUSTER}/run/munge.pid" --log-file="${CLUSTER}/run/munge.log" --seed-file="${CLUSTER}/run/seed"
  waits_until test -S "${CLUSTER}/run/munge"
  in_background controller.log slurmctld -D
  start_node n1
  start_node n2
  waits_for_a_while nodes_are_idle || skip "this Slurm does not start here: $(tail -n 1 "${CLUSTER}/controller.log")"
}

nodes_are_idle() { [[ $(sinfo -h -N -o '%N %t' 2>/dev/null) == $'n1 idle\nn2 idle' ]]; }

# waits_until for minutes; no time is asserted, since a dead node is noticed after a timeout.
waits_for_a_while() {
  local -i i
  for ((i = 0; i < 1200; i++)); do
    if "$@"; then return 0; fi
    sleep 0.5
  done
  return 1
}

# batch OPTION...: sbatch as the ordinary user, in its directory. Prints the job number.
batch() {
  (cd "${JOBS}" && setpriv --reuid="${CLUSTER_USER}" --regid="$(id -g "${CLUSTER_USER}")" --clear-groups \
    env -i HOME="${JOBS}" LANG=C.UTF-8 SLURM_CONF="${SLURM_CONF}" PATH="${CLUSTER}/bin:/usr/bin:/bin" sbatch --parsable "$@")
}

is_over() { [[ -z $(squeue -h -j "$1" 2>/dev/null) ]]; }

# ended JOB: "STATE EXIT:SIGNAL" of the job, or of the tasks of an array, sorted and counted.
ended() {
  scontrol show job "$1" --oneliner | sed -E 's/.* JobState=([A-Z_]+) .* ExitCode=([0-9:]+) .*/\1 \2/' | sort | uniq -c |
    sed 's/^ *//'
}

stop_cluster() {
  local pid
  scancel --user="${CLUSTER_USER}" 2>/dev/null || true
  # shellcheck disable=SC2016 # eval expands it
  waits_for_a_while eval '[[ -z $(squeue -h 2>/dev/null) ]]' || true
  for pid in "${started_pids[@]}"; do kill "${pid}" 2>/dev/null || true; done
  for pid in "${started_pids[@]}"; do
    timeout 20 tail --pid="${pid}" -f /dev/null || kill -KILL "${pid}" 2>/dev/null || true
  done
  rm -rf "${CLUSTER}"
}

teardown() {
  if [[ -n ${CLUSTER:-} ]]; then stop_cluster; fi
  cd / || return
  rm -rf "${T}" "${T}.stderr"
}
