// The rights of the house, as one table: who enters where, and what of a project they then read.
// access.cpp and sight.cpp decide by it, `aiguillage access` prints it, a test walks every route by
// it. What somebody may *do* is in the rails (aap:by), asked of the desk.
//
//   RowOf(Rule::kOffice).roles            {"program_admin", "case_officer"}
//   ObjectOf("/courriels/{mail}/corps")   Object::kMail: the role must cover the mail's project
//   Shows(Field::kJudges, sight_roles)    a reviewer is not told who else reviews
//
// A role counts where it is held: everywhere, for a call, for a collection or for one project,
// today, one's own or lent by somebody absent (workflows/access.h). A role that rails declare
// counts as the standard one it is like.
#pragma once

#include <string>
#include <vector>

#include "web/access.h"
#include "workflows/access.h"

namespace aiguillage::web {

// What the address is about. It narrows a rule: a role held elsewhere does not open it.
enum class Object { kNone, kProject, kFile, kMail, kDossier, kIncident, kCall, kSitting, kPerson };

// How far a role must reach before a page without object opens by it.
enum class Reach {
  kAnywhere,    // any scope will do: the page shows what the visitor covers
  kCall,        // a whole call, or everywhere
  kEverywhere,  // what is of no call: people, new calls
};

struct RuleRow {
  Rule rule;
  const char* id;
  const char* who;  // French, for whoever reads the table
  bool account = true;
  std::vector<std::string> roles = {};  // one of these opens it; none: any role the object asks
  Reach reach = Reach::kAnywhere;
  const char* refusal = "";  // French, to who is logged in and has none of the roles
};
const std::vector<RuleRow>& RuleTable();
const RuleRow& RowOf(Rule rule);

// Each `{x}` that a pattern may hold; std::logic_error for one without a row.
struct ParameterRow {
  const char* name;
  Object object;
  const char* meaning;
};
const std::vector<ParameterRow>& ParameterTable();
Object ObjectOf(const std::string& pattern);
const char* NameOf(Object object);

// What is read of a project beyond its public face and one's own papers.
enum class Field { kInside, kPapers, kJudges, kMails };
struct FieldRow {
  Field field;
  const char* id;
  const char* meaning;             // French
  std::vector<std::string> roles;  // held for this project
};
const std::vector<FieldRow>& FieldTable();
// By the roles somebody has in the project. Who is also on its own side (holder, co-holder) reads
// it from there, unless at work for the DGAFP.
bool Shows(Field field, const std::vector<workflows::HeldRole>& roles);

}  // namespace aiguillage::web
