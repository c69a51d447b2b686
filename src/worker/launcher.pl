# The process that starts commands for a worker, one after the other. To start a process is to copy the page tables of
# the one that does so: this one is small, and loads little. launcher.ts is the same for where there is no Perl.
# Descriptor 3 is to be free for commands, 4 talks with the worker, 5 is its `Hold`. ARGV: the flags to open that with.
use strict;
use POSIX ();

my ($flags) = @ARGV;

# Commands inherit descriptors up to this one.
$^F = 3;
open my $free, '<&=', 3;
close $free;
open my $requests, '<&=', 4;
open my $replies, '>&=', 4;
open my $hold, '<&=', 5;

# A worker that finishes its task after these needs the end of the command; one that does not takes this process along.
# Blocked, and not handled: Perl runs a handler somewhat later, and what came last would be lost to the command.
my $signals = POSIX::SigSet->new(POSIX::SIGTERM, POSIX::SIGINT, POSIX::SIGHUP);
POSIX::sigprocmask(POSIX::SIG_BLOCK, $signals);

reply('ready');
while (my ($type, @words) = receive()) {
    if ($type eq 'env') { %ENV = @words }
    else { reply('ended', run(@words)) }
}

# Returns nothing when the worker is gone.
sub receive {
    read $requests, my $size, 4 or return;
    read $requests, my $words, unpack('N', $size) or return;
    return split /\0/, $words, -1;
}

# Returns the status as wait(2) gives it.
sub run {
    my $command = fork;
    return refuse() if not defined $command;
    if ($command == 0) {
        POSIX::sigprocmask(POSIX::SIG_UNBLOCK, $signals);
        sysopen my $held, '/proc/self/fd/5', $flags;
        exec { $_[0] } @_;
        refuse();
        exit 1;
    }
    waitpid $command, 0;
    return $?;
}

# Says why a command cannot be started; that it has ended is said afterwards.
sub refuse {
    reply('refused', $! + 0);
    return 0;
}

sub reply {
    syswrite $replies, "@_\n";
}
