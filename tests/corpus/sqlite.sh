# shellcheck shell=bash
# shellcheck disable=SC1091,SC2034,SC2154 # of run.sh
# sqlite3: databases, whole and broken, in all kinds of journals; queries that sort, search and grow; the shell's own words.

make_inputs() {
  cat >make.sql <<'END'
create table t(a integer primary key, b text, c real, d blob);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
  insert into t select i, 'text ' || (i * 7919 % 3001), i / 7.0, randomblob(i % 50) from n;
create index tb on t(b);
create view v as select b, count(*) from t group by b;
create trigger g after delete on t begin insert into t(b) values ('deleted'); end;
create table u(x unique, y references t(a), check (x > 0));
END
  sed '1i pragma page_size = 512;' make.sql >small.sql
  cat >search.sql <<'END'
create virtual table f using fts5(words);
insert into f values ('many words here'), ('other words there');
select * from f where f match 'words NOT there';
create virtual table r using rtree(id, x0, x1);
insert into r values (1, 0, 1), (2, 5, 9);
select id from r where x0 < 3;
select json_extract('{"a":[1,2]}', '$.a[1]'), printf('%05.2f', 3.14159), datetime(0, 'unixepoch', 'localtime');
END
  local name
  for name in make small search; do maybe sqlite3 "${name}.db" ".read ${name}.sql"; done
  cp make.db wal.db
  maybe sqlite3 wal.db 'pragma journal_mode = wal'
  printf 'a,b\n1,"x y"\n2,z\n' >rows.csv
  maybe sqlite3 archive.sqlar -Ac make.sql rows.csv
  samples 3 '*.db' '*.sqlite' '*.sqlite3'
  breaks 12 ./*.db
}

run_jobs() {
  local file mode
  for file in "${INPUTS}"/*.db "${INPUTS}"/sample-*; do
    [[ -e ${file} ]] || continue
    file=${file##*/}
    job sqlite3 "${file}" .dump
    job sqlite3 "${file}" 'pragma integrity_check; update t set b = b || 1 where a % 3; vacuum'
    if [[ ${file} == broken-* ]]; then continue; fi
    job sqlite3 "${file}" .schema .tables .indexes .databases .dbinfo .stats .show '.fullschema --indent'
    job sqlite3 -readonly "${file}" .schema
    job sqlite3 "${file}" .recover
    job sqlite3 "${file}" '.backup new.db' '.restore new.db' '.clone other.db' '.save last.db'
    job sqlite3 "${file}" '.sha3sum' '.lint fkey-indexes' '.selftest --init'
  done
  for mode in delete truncate persist memory wal off; do
    job sqlite3 make.db "pragma journal_mode = ${mode}; delete from t where a < 500; pragma wal_checkpoint(truncate); begin; delete from t; rollback"
  done
  job sqlite3 make.db 'pragma mmap_size = 100000000; pragma locking_mode = exclusive; select count(*) from t; update t set c = 1'
  job sqlite3 make.db 'pragma synchronous = extra; pragma secure_delete = on; pragma auto_vacuum = 1; vacuum; delete from t'
  job sqlite3 make.db 'pragma temp_store = file; pragma cache_size = 2; pragma threads = 4; create index x on t(d, c); select sum(a) from (select a from t order by d, b desc)'
  job sqlite3 make.db 'pragma cache_spill = 1; pragma cache_size = 1; create temp table z as select * from t, (select 1 union select 2); select count(distinct b) from z'
  job sqlite3 make.db "attach 'other.db' as o; create table o.t as select * from t; vacuum into 'packed.db'"
  job sqlite3 make.db "select writefile('new.txt', 'x'), readfile('rows.csv'), writefile('folder', NULL, 16877), writefile('link', 'rows.csv', 41471)"
  job sqlite3 make.db 'select name, mode from fsdir(".")' '.cd ..'
  job sqlite3 new.db '.mode csv' '.import rows.csv t' 'select * from t' '.mode box' 'select * from t' '.output new.txt' '.mode html' 'select * from t' '.once -x' 'select 1'
  job sqlite3 new.db '.log new.log' '.timer on' '.eqp full' '.read search.sql' '.progress 1' '.timeout 50' '.limit'
  job sqlite3 new.db '.shell true' '.system echo x' '.load ./nothing' '.excel' '.parameter set :a 1' 'select :a'
  job sqlite3 :memory: '.read make.sql' '.parameter init' 'select count(*) from v' '.expert' 'select * from t where c = 1'
  job sqlite3 archive.sqlar -Ax
  job sqlite3 archive.sqlar -Atv
  job sqlite3 new.sqlar -Ac make.sql rows.csv
  job sqlite3 -A --append -c new.db rows.csv
  job sqlite3 -zip new.zip -Ac rows.csv
  INPUT=make.sql job sqlite3 -batch new.db
  INPUT=search.sql job sqlite3 -interactive new.db
  TERMINAL=yes INPUT=search.sql job sqlite3 new.db
  OUTPUT=/dev/full job sqlite3 make.db 'select * from t'
  job sqlite3 nowhere/at.db 'create table t(a)'
  job sqlite3 . .schema
  job sqlite3 -init search.sql new.db 'select 1'
  job sqlite3 -unsafe-testing new.db 'select 1'
  job sqlite3 -vfs unix-dotfile new.db 'create table t(a)'
  job sqlite3 -vfs unix-excl new.db 'pragma journal_mode = wal; create table t(a)'
  job sqlite3 -vfs unix-none new.db 'create table t(a)'
  job sqlite3 -version
  job sqlite3 -nonsense
  OPTIONS=(--limit fsize=20K)
  job sqlite3 make.db 'update t set b = hex(d) || hex(d)'
  OPTIONS=(--limit as=40M)
  job sqlite3 make.db 'select length(group_concat(hex(randomblob(100000)))) from t'
  OPTIONS=()
}
