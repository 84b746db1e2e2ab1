# What AppArmor of this kernel can mediate: a file's name and contents a line.
mount -t securityfs none /sys/kernel/security 2>/dev/null
cd /sys/kernel/security/apparmor/features || exit 1
find . -type f | while read -r name; do echo "feature ${name} $(cat "${name}")"; done
