#include "storage/exchange_runs.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

Query& In(Query& query, const ExchangeRun& run) {
  return query.In("demarche", run.demarche)
      .In("kind", run.kind)
      .In("outcome", run.outcome)
      .In("words", run.words)
      .In("started_at", run.started_at)
      .In("told_at", run.told_at)
      .In("expected", run.expected)
      .In("first_at", run.first_at)
      .In("reached_at", run.reached_at)
      .In("seen", run.seen)
      .In("created", run.created)
      .In("updated", run.updated)
      .In("held", run.held)
      .In("failed", run.failed);
}

void KeepTheLast(Session& session, std::int64_t demarche) {
  Query query(session,
              "delete from exchange_run where demarche = :demarche and id not in"
              " (select id from exchange_run where demarche = :same order by id desc limit :kept)");
  query.In("demarche", demarche).In("same", demarche).In("kept", kRunsKept).Run();
}

}  // namespace

ExchangeRun SaveRun(Session& session, ExchangeRun run) {
  if (run.id != 0) {
    Query query(session,
                "update exchange_run set demarche = :demarche, kind = :kind, outcome = :outcome,"
                " words = :words, started_at = :started_at, told_at = :told_at,"
                " expected = :expected, first_at = :first_at, reached_at = :reached_at,"
                " seen = :seen, created = :created, updated = :updated, held = :held,"
                " failed = :failed where id = :id");
    In(query, run).In("id", run.id).Run();
    return run;
  }
  Query query(session,
              "insert into exchange_run (demarche, kind, outcome, words, started_at, told_at,"
              " expected, first_at, reached_at, seen, created, updated, held, failed)"
              " values (:demarche, :kind, :outcome, :words, :started_at, :told_at, :expected,"
              " :first_at, :reached_at, :seen, :created, :updated, :held, :failed) returning id");
  In(query, run).Out(run.id).One();
  KeepTheLast(session, run.demarche);
  return run;
}

std::vector<ExchangeRun> RunsOf(Session& session, std::int64_t demarche) {
  ExchangeRun run;
  Query query(session,
              "select id, demarche, kind, outcome, words, started_at, told_at, expected, first_at,"
              " reached_at, seen, created, updated, held, failed from exchange_run"
              " where demarche = :demarche order by id desc");
  query.In("demarche", demarche);
  query.Out(run.id).Out(run.demarche).Out(run.kind).Out(run.outcome).Out(run.words);
  query.Out(run.started_at).Out(run.told_at).Out(run.expected);
  query.Out(run.first_at).Out(run.reached_at).Out(run.seen).Out(run.created);
  query.Out(run.updated).Out(run.held).Out(run.failed);
  return query.All(run);
}

bool MarkCutOff(Session& session, std::int64_t demarche) {
  Query query(session,
              "update exchange_run set outcome = 'cut_off' where demarche = :demarche"
              " and outcome = 'running'");
  query.In("demarche", demarche);
  return query.Run() > 0;
}

}  // namespace aiguillage::storage
