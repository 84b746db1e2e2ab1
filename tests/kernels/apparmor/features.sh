# The AppArmor features of this kernel: a file's name and contents per line.
mount -t securityfs none /sys/kernel/security 2>/dev/null
cd /sys/kernel/security/apparmor/features || exit 1
find . -type f | while read -r name; do echo "feature ${name} $(cat "${name}")"; done
