// A record in which random projects told random numbers: documents written, written again, taken
// back, corrected at Démarches Simplifiées, erased; projects moved to another collection; figures
// followed now and then, never all at once.
//
//   FactsHistory history(seed);
//   history.Projects()   what the journal says of each, read by nothing of the product's figures
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "storage/documents.h"
#include "storage/journal.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

struct HistoryProject {
  std::string number, call, collection, administration;
  std::string month;                       // "2026-03", of its application in Paris
  std::vector<storage::JournalRow> acts;   // those that nobody took back
  std::vector<storage::Document> written;  // of these acts and of Démarches Simplifiées, in order
  bool erased = false;
};

class FactsHistory {
 public:
  explicit FactsHistory(std::uint64_t seed, int projects = 24, int events = 12);

  const std::vector<HistoryProject>& Projects();  // read once, when all is done
  void FollowAll();

  Counter counter;
  int taken_back = 0, erased = 0, moved = 0;

 private:
  struct Told {
    std::string number, call;
    std::int64_t at = 0;
    std::vector<std::string> written;  // acts of its own that may be taken back, the last one last
  };

  std::int64_t Below(std::int64_t limit) { return static_cast<std::int64_t>(random_() % limit); }
  bool Once(std::int64_t in) { return Below(in) == 0; }
  void TakeIn(int nth);
  void Accept(Told& told);
  void Something(Told& told);
  void Write(Told& told);
  void TakeBack(Told& told);
  void Move(Told& told);
  nlohmann::json Application(const std::string& call);
  std::pair<std::string, nlohmann::json> Document(const std::string& call);
  std::pair<std::string, nlohmann::json> Results();
  nlohmann::json Grid();
  void Append(storage::Session& session, const Told& told, storage::JournalRow row);

  std::mt19937_64 random_;
  std::vector<Told> told_;
  std::vector<HistoryProject> projects_;
};

}  // namespace aiguillage::web
