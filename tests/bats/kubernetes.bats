load helpers

# The manifest of docs/recipes.md: it is valid, meets the restricted level, and its images have the programs that it runs.

# Writes job.json from the page.
take_manifest() {
  needs_program python3
  python3 -c 'import yaml' 2>/dev/null || skip "needs python3-yaml"
  sed -n '/^```yaml job.yaml$/,/^```$/p' "${ROOT}/docs/recipes.md" | sed '1d;$d' >job.yaml
  python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)' <job.yaml >job.json
}

# with EXPRESSION: writes changed.json, the manifest changed by Python. `pod` is its pod, `own` its container.
with() {
  python3 -c 'import json, sys
job = json.load(open("job.json"))
pod = job["spec"]["template"]["spec"]
own = pod["containers"][0]
exec(sys.argv[1])
json.dump(job, open("changed.json", "w"))' "$1"
}

# https://kubernetes.io/docs/concepts/security/pod-security-standards/, level Restricted, as far as it applies to a Job's pod.
restricted() { # FILE: prints violations
  python3 -c 'import json, sys
pod = json.load(open(sys.argv[1]))["spec"]["template"]["spec"]
own = pod.get("securityContext", {})
for name in ("hostNetwork", "hostPID", "hostIPC"):
    if pod.get(name): print(name)
for volume in pod.get("volumes", []):
    kinds = set(volume) - {"name"}
    if kinds - {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}:
        print("volume", volume["name"])
for one in pod.get("initContainers", []) + pod["containers"]:
    context = one.get("securityContext", {})
    drop = context.get("capabilities", {}).get("drop", [])
    add = context.get("capabilities", {}).get("add", [])
    profile = context.get("seccompProfile", own.get("seccompProfile", {})).get("type")
    if context.get("privileged"): print(one["name"], "privileged")
    if context.get("allowPrivilegeEscalation") is not False: print(one["name"], "allowPrivilegeEscalation")
    if "ALL" not in drop or set(add) - {"NET_BIND_SERVICE"}: print(one["name"], "capabilities")
    if context.get("runAsNonRoot", own.get("runAsNonRoot")) is not True: print(one["name"], "runAsNonRoot")
    if context.get("runAsUser", own.get("runAsUser")) == 0: print(one["name"], "runAsUser")
    if profile not in ("RuntimeDefault", "Localhost"): print(one["name"], "seccompProfile")
    if any("hostPort" in port for port in one.get("ports", [])): print(one["name"], "hostPort")' "$1"
}

@test "Kubernetes: each container of the manifest meets the restricted Pod Security level" {
  take_manifest
  is "$(restricted job.json)" ''
  # Control: a removed setting is noticed.
  with 'del pod["securityContext"]'
  [[ $(restricted changed.json) == *'transcode seccompProfile'* ]]
  with 'del own["securityContext"]["capabilities"]; pod["hostPID"] = True; pod["volumes"][0] = {"name": "t", "hostPath": {"path": "/"}}'
  is "$(restricted changed.json)" $'hostPID\nvolume t\ntranscode capabilities'
}

@test "Kubernetes: the manifest has a numeric user other than root, and a volume for each mount" {
  take_manifest
  assert_success python3 -c 'import json
pod = json.load(open("job.json"))["spec"]["template"]["spec"]
assert pod["securityContext"]["runAsUser"] > 0
volumes = {volume["name"] for volume in pod["volumes"]}
for one in pod["initContainers"] + pod["containers"]:
    assert {mount["name"] for mount in one["volumeMounts"]} <= volumes'
}

@test "Kubernetes: the image built as the page says has the programs that the init container calls" {
  take_manifest
  local -a words
  mapfile -t words < <(python3 -c 'import json
for word in json.load(open("job.json"))["spec"]["template"]["spec"]["initContainers"][0]["command"]: print(word)')
  is "${words[0]} ${words[1]}" 'cp /usr/local/bin/ll-exec'
  grep -q "^COPY bin/ll-exec ${words[1]%/*}/$" "${ROOT}/packaging/container/Containerfile.image"
  grep -q -- 'IMAGE=busybox .*packaging/container/Containerfile.image' "${ROOT}/docs/recipes.md"
  # cp of busybox copies the program, and the copy runs.
  needs_program busybox
  busybox --list | grep -qx cp
  mkdir tools
  assert_success busybox cp "${LL_EXEC}" tools/ll-exec
  assert_success tools/ll-exec --rx "${PROBE}" -- "${PROBE}" exit 0
}

@test "Kubernetes: the manifest is valid by the published schema" {
  needs_time
  needs_program node npm
  take_manifest
  cp "${ROOT}/tests/kubernetes"/{package.json,package-lock.json,.npmrc,validate.mjs} .
  HOME=${NPM_HOME:-${T}} npm ci --silent --no-audit --no-fund --ignore-scripts >/dev/null 2>&1 || skip "the schema cannot be had: npm ci"
  assert_success node validate.mjs <job.json
  # Control
  with 'own["command"] = "sh"'
  capture node validate.mjs <changed.json
  ((status != 0))
  with 'pod["restartPolicy"] = 3'
  capture node validate.mjs <changed.json
  ((status != 0))
}
