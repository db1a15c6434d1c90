// What the desk's bench does: the first weeks of projects on the rails of Mentor, whole acts that
// each close a task and open another, start a deadline, write a document, mails and words to DS.
//
//   Course course("sqlite:a.db", 1);                  // opens or makes it; its call and people
//   for (int i = 1; i <= 100; ++i) course.TakeIn(i);  // intake, in the order of the numbers
//   course.Run({.first = 1, .end = 101});             // the script on each; throws when refused
//
// One seed gives the same record byte by byte, so that what was done can be done again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workflows/catalog.h"
#include "workflows/desk.h"

namespace aiguillage::bench {

constexpr int kActsOfAProject = 6;  // accept, change, resubmit, change, resubmit, validate

struct Stretch {
  std::int64_t first = 1, end = 1, stride = 1;  // of projects, by their numbers
  int steps = kActsOfAProject;
  std::int64_t Acts() const { return (end - first) / stride * steps; }
};

class Course {
 public:
  Course(const std::string& url, std::uint64_t seed);

  std::string TakeIn(std::int64_t project);  // the number it was given
  void Act(std::int64_t project, int step) { ActOn(Number(project), project, step); }
  void ActOn(const std::string& number, std::int64_t project, int step);
  std::string FindNumber(std::int64_t project) const;  // of one that was imported
  // The longest wait of one act, in seconds: by one person, or by so many at once.
  double Run(const Stretch& stretch);
  double RunTogether(const Stretch& stretch, int actors);
  // Each taken in and its first act done, by so many at once: numbers then follow no order.
  void ImportTogether(std::int64_t first, std::int64_t end, int actors);

  storage::Database& database() const { return *database_; }
  workflows::Catalog& catalog() const { return *catalog_; }
  workflows::Desk& desk() { return *desk_; }
  std::int64_t Person(const std::string& email) const;
  static std::string Number(std::int64_t project);  // 7 -> AIG-2026-0007

 private:
  void Open();

  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<workflows::Catalog> catalog_;
  std::unique_ptr<workflows::Desk> desk_;
  std::int64_t officer_ = 0;
  std::vector<std::int64_t> leads_, holders_;
};

}  // namespace aiguillage::bench
