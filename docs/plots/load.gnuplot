# Drawn by scripts/bench --plots from what many_streams_bench and tasks_bench.sh
# print, a line for each measurement.
set terminal svg size 960,380 font "sans-serif,13" background "#ffffff"
set multiplot layout 1,3
set grid
set logscale x
set format x "%.0f"
set key below
streams(kind, unit) = "< sed -n 's|^".kind." *\\([0-9]*\\) streams.*[ (]x*\\([0-9.]*\\)".unit.".*|\\1 \\2|p' '".data."'"
set title "Streams of 20 s at once: memory"
set xlabel "streams"
set ylabel "KB a task"
set xrange [700:14000]
set xtics (1000, 3000, 10000)
set yrange [0:110]
plot streams("plain", " KB a task in") using 1:2 with linespoints lw 2 pt 7 title "plain (limit 30)", \
     streams("TLS", " KB a task in") using 1:2 with linespoints lw 2 pt 5 title "TLS (limit 100)"
set title "First opened to last closed"
set ylabel "times 20 s"
set yrange [0.9:1.6]
plot streams("plain", "), ") using 1:2 with linespoints lw 2 pt 7 title "plain (limit 1.15)", \
     streams("TLS", "), ") using 1:2 with linespoints lw 2 pt 5 title "TLS: one handshake each"
set title "Whole tasks: the engine's CPU"
set xlabel "tasks"
set ylabel "ms a task"
set xrange [70:14000]
set xtics (100, 1000, 10000)
set yrange [0:*]
plot "< sed -n 's|^\\([0-9]*\\) tasks, .*: \\([0-9.]*\\) ms CPU.*|\\1 \\2|p' '".data."'" using 1:2 with linespoints lw 2 pt 7 title "20 tasks a repository"
unset multiplot
