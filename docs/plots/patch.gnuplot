# Drawn by scripts/bench --plots from the CSV of patch_bench:
# name/lines,iterations,real_time,cpu_time,time_unit,…
set terminal svg size 720,400 font "sans-serif,13" background "#ffffff"
set datafile separator ","
set title "Planning one answer against one file (one core)"
set xlabel "lines of the file"
set ylabel "CPU time, ms"
set format x "%'.0f"
set xtics 50000
set yrange [0:*]
set grid
set key left top
rows(name) = "< sed -n 's|^\"".name."/\\([0-9]*\\)\"|\\1|p' '".data."'"
plot rows("miss") using 1:4 with linespoints lw 2 pt 7 title "a miss: every tier tried, the closest lines looked for", \
     rows("hits") using 1:4 with linespoints lw 2 pt 5 title "ten hunks that fit"
