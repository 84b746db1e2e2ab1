load cluster

# The recipe for Slurm of docs/recipes.md on a real cluster: slurmctld, two slurmd, munge.

# The job script of the page.
script_of_page() { sed -n '/^```bash transcode.sbatch$/,/^```$/p' "${ROOT}/docs/recipes.md" | sed '1d;$d'; }

# One directory with a film for each task, as in the recipe.
make_films() { # COUNT
  local -i i
  ffmpeg -v error -nostdin -f lavfi -i testsrc=duration=0.2:size=32x32:rate=5 "${CLUSTER}/film.mov"
  for ((i = 1; i <= $1; i++)); do
    mkdir -p "${JOBS}/jobs/${i}"
    cp "${CLUSTER}/film.mov" "${JOBS}/jobs/${i}/in.mov"
  done
  install -d -o "${CLUSTER_USER}" "${JOBS}/private"
  cp "${CLUSTER}/film.mov" "${JOBS}/private/secret.mov"
  printf 'precious\n' >"${JOBS}/private/precious"
}

# Three tasks of an attacker who wants files outside: one to read through a symlink, one to write through a
# symlink, and one to read through a reference in the film.
make_hostile() { # FIRST SECOND THIRD
  ln -sf ../../private/secret.mov "${JOBS}/jobs/$1/in.mov"
  ln -s ../../private/precious "${JOBS}/jobs/$2/out.webm"
  ln -s ../../private "${JOBS}/jobs/$3/sub"
  printf 'ffconcat version 1.0\nfile sub/secret.mov\n' >"${JOBS}/jobs/$3/in.mov"
}

@test "Slurm: an array of 200 files runs by the recipe as written, and three hostile files do no harm" {
  needs_time
  needs_slurm
  needs_program ffmpeg
  start_cluster
  make_films 200
  make_hostile 17 101 180
  script_of_page >"${JOBS}/transcode.sbatch"
  grep -q 'exec ll-exec -p ffmpeg' "${JOBS}/transcode.sbatch"
  chown -hR "${CLUSTER_USER}" "${JOBS}"
  # Control: without the sandbox all three succeed.
  local number
  for number in 17 180; do
    setpriv --reuid="${CLUSTER_USER}" --clear-groups ffmpeg -v error -nostdin -y -i "${JOBS}/jobs/${number}/in.mov" \
      -f null - 
  done
  (cd "${JOBS}/jobs/101" && setpriv --reuid="${CLUSTER_USER}" --clear-groups ffmpeg -v error -nostdin -y -i in.mov out.webm)
  [[ $(<"${JOBS}/private/precious") != precious ]] 2>/dev/null
  printf 'precious\n' >"${JOBS}/private/precious"

  local job
  job=$(batch --array=1-200 transcode.sbatch)
  waits_for_a_while is_over "${job}"
  is "$(ended "${job}")" $'197 COMPLETED 0:0\n3 FAILED 1:0'
  is "$(grep -c " Name=transcode JobState=COMPLETED .*ExitCode=0:0" "${CLUSTER}/jobs.txt")" 197
  # Both nodes ran tasks.
  [[ $(grep -c 'NodeList=n1 ' "${CLUSTER}/jobs.txt") -gt 0 && $(grep -c 'NodeList=n2 ' "${CLUSTER}/jobs.txt") -gt 0 ]]
  grep -q 'in.mov: Permission denied' "${JOBS}/slurm-${job}_17.out"
  grep -q 'out.webm: Permission denied' "${JOBS}/slurm-${job}_101.out"
  grep -q 'sub/secret.mov' "${JOBS}/slurm-${job}_180.out"
  is "$(<"${JOBS}/private/precious")" precious
  local -a films=("${JOBS}"/jobs/*/out.webm)
  is "${#films[@]}" 198 # and the link
  [[ ! -s ${JOBS}/jobs/17/out.webm && -s ${JOBS}/jobs/16/out.webm && ! -s ${JOBS}/jobs/180/out.webm ]]
}

@test "Slurm: the job of a killed node runs again on another node, in a sandbox" {
  needs_time
  needs_slurm
  start_cluster
  cat >"${JOBS}/again.sbatch" <<'END'
#!/bin/bash
exec ll-exec -p base --rx /usr --rx /bin --rw "$PWD" -- sh -c '
  echo "$SLURMD_NODENAME ${SLURM_RESTART_COUNT:-0}" >>where
  cat /etc/shadow /etc/hostname
  [ "${SLURM_RESTART_COUNT:-0}" != 0 ] || exec sleep 600
  exit 4'
END
  local job step node other
  job=$(batch --requeue --time=10 --mem=100M again.sbatch)
  waits_for_a_while test -s "${JOBS}/where"
  read -r node _ <"${JOBS}/where"
  [[ ${node} == n2 ]] && other=n1 || other=n2
  step=$(pgrep -f "^slurmstepd: \[${job}\.batch\]")
  kill -KILL "${NODE_PIDS[${node}]}" "${step}" $(pgrep -P "${step}")
  waits_for_a_while is_over "${job}"
  is "$(<"${JOBS}/where")" "${node} 0"$'\n'"${other} 1"
  [[ $(ended "${job}") == '1 FAILED 4:0' ]]
  [[ $(<"${JOBS}/slurm-${job}.out") == *'cat: /etc/hostname: Permission denied'* ]]
  [[ $(sinfo -h -N -n "${node}" -o %t) == down* ]]
}

@test "Slurm: the memory limit of a job covers what a sandbox started" {
  needs_time
  needs_slurm
  needs_program /usr/bin/python3
  start_cluster
  cat >"${JOBS}/memory.sbatch" <<'END'
#!/bin/bash
exec ll-exec -p base --rx /usr --rx /bin -- /usr/bin/python3 -I -c '
import time
held = b"x" * (200 << 20)
time.sleep(8)
print("had it")'
END
  local small large
  small=$(batch --mem=50M memory.sbatch)
  large=$(batch --mem=1G memory.sbatch)
  waits_for_a_while is_over "${small}"
  waits_for_a_while is_over "${large}"
  [[ $(<"${JOBS}/slurm-${small}.out") == *'exceeded memory limit'*'being killed'* ]]
  [[ $(<"${JOBS}/slurm-${small}.out") != *'had it'* && $(ended "${small}") != *COMPLETED* ]]
  is "$(ended "${large}") $(<"${JOBS}/slurm-${large}.out")" '1 COMPLETED 0:0 had it'
}
