/** Owns the list of commands that scripts know from other machines and that are not here: why not, and what to use. */

/** Why a command is not here. */
export type Why = "process" | "network" | "package" | "compiler" | "screen" | "system" | "disk" | "other";
interface Elsewhere {
  readonly why: Why;
  /** What to use here instead, as one would type it; empty when there is nothing. */
  readonly use: string;
}
const list = (why: Why, use: string, names: string): readonly (readonly [string, Elsewhere])[] => names.split(" ").map((name) => [name, { why, use }] as const);

export const elsewhere: ReadonlyMap<string, Elsewhere> = new Map([
  ...list("process", "", "docker docker-compose podman kubectl helm minikube terraform ansible ansible-playbook vagrant nomad crictl buildah skopeo"),
  ...list("network", "curl", "http https aria2c axel lynx links w3m httpie"),
  ...list("network", "", "ssh scp sftp rsync ftp telnet nc ncat netcat socat ping ping6 traceroute dig nslookup host whois nmap tcpdump ifconfig ip ss netstat arp route iptables aws gcloud az gsutil mail mailx sendmail git svn hg psql mysql mongo mongosh redis-cli"),
  ...list("package", "", "apt apt-get dpkg yum dnf rpm apk pacman brew snap flatpak pip pip3 pipx conda npm npx yarn pnpm bun deno gem cargo composer go rustup uv poetry"),
  ...list("compiler", "", "gcc g++ cc c++ clang make cmake ninja rustc javac java mvn gradle dotnet tsc as ld gdb strace ltrace valgrind perl ruby php lua Rscript R julia swift kotlin scala"),
  ...list("screen", "cat", "less more most pg bat"),
  ...list("screen", "sed -i", "vi vim nvim nano emacs ed ex pico"),
  ...list("screen", "", "top htop watch tmux screen dialog whiptail clear reset tput stty man info"),
  ...list("system", "", "sudo su doas systemctl service journalctl crontab at batch init reboot shutdown halt poweroff useradd userdel usermod groupadd passwd chroot mount umount modprobe lsmod insmod dmesg sysctl uptime free vmstat iostat lscpu lsblk last who w users pgrep pkill pidof killall renice ionice taskset setsid"),
  ...list("disk", "", "fdisk parted mkfs fsck losetup blkid swapon swapoff mknod"),
  ...list("other", "gzip", "bzip2 bunzip2 bzcat xz unxz xzcat lzma zstd unzstd zstdcat lz4 compress uncompress 7z 7za rar unrar pigz"),
  ...list("other", "sha256sum", "openssl shasum b3sum gpg"),
  ...list("other", "awk", "gawk busybox mlr miller datamash csvkit csvcut csvstat"),
  ...list("other", "jq", "yq fx gojq dasel jo"),
  ...list("other", "grep -r", "rg ag ack ripgrep"),
  ...list("other", "find", "fd fdfind locate mlocate updatedb"),
  ...list("other", "xargs -P", "parallel"),
  ...list("other", "jobs", "ps"),
  ...list("other", "bc", "dc"),
  ...list("other", "sed", "ex sd"),
  ...list("other", "", "ffmpeg convert magick pandoc pdftotext xmllint xsltproc tidy cpio ar zsh ksh fish csh tcsh dash expect inotifywait"),
]);
