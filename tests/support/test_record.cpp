#include "tests/support/test_record.h"

#include "storage/calls.h"
#include "storage/people.h"
#include "tests/support/postgres_cluster.h"

namespace aiguillage::test {

using storage::Session;

namespace {

std::string FreshDatabase(PostgresCluster& cluster) {
  return cluster.TakeRecord([](const std::string& url) { storage::Database::Open(url); });
}

}  // namespace

TestRecord::TestRecord(const storage::OpenOptions& options, Kind kind) {
  if (kind == Kind::kPostgresql) cluster_ = &PostgresCluster::Shared();
  url_ = cluster_ == nullptr ? "sqlite:" + path() : FreshDatabase(*cluster_);
  Reopen(options);
}

TestRecord::TestRecord(const storage::OpenOptions& options, PostgresCluster& cluster)
    : cluster_(&cluster), url_(FreshDatabase(cluster)) {
  Reopen(options);
}

TestRecord::~TestRecord() {
  database_.reset();
  if (cluster_ != nullptr) cluster_->GiveBack(url_);
}

void TestRecord::Reopen(const storage::OpenOptions& options) {
  database_.reset();
  database_ = storage::Database::Open(url(), options);
}

void TestRecord::Seed() {
  database_->Write([](Session& session) {
    storage::SaveDefinition(session, {.hash = "d1", .name = "demo", .taken_at = 1, .files = {}});
    storage::SaveCall(session, {.id = "demo-2026",
                                .title = "Appel de démonstration",
                                .definition = "demo",
                                .status = "published"});
    storage::SaveCollection(session, {.slug = "numerique", .label = "Numérique", .position = 1});
    storage::SaveCollection(
        session, {.slug = "cyber", .parent = "numerique", .label = "Cybersécurité", .position = 1});
    storage::InsertPerson(
        session, {.email = "camille@example.fr", .name = "Camille Martin", .created_at = 1});
    storage::InsertPerson(
        session, {.email = "dominique@example.fr", .name = "Dominique Petit", .created_at = 1});
  });
}

storage::Project TestRecord::NewProject(const std::string& title) const {
  storage::Project project;
  project.call = "demo-2026";
  project.definition = "d1";
  project.title = title;
  project.collection = "numerique";
  project.holder = 1;
  project.states = "admissibility admissibility_check";
  project.state = "admissibility";
  project.file_holder = "case_officer";
  project.since_at = 1000;
  project.created_at = 1000;
  project.snapshot = nlohmann::json{{"configuration", {"admissibility_check"}}};
  return project;
}

}  // namespace aiguillage::test
