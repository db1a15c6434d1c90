// The columns of a project as every list of them reads it, in one order for the select and for Out.
#pragma once

#include <string>

#include "storage/projects.h"
#include "storage/session.h"

namespace aiguillage::storage {

inline const std::string kProjectColumns =
    "p.id, p.number, p.call, p.definition, p.title, p.collection, p.holder, p.administration,"
    " p.siret, p.dossier, p.version, p.states, p.state, p.file_holder, p.since_at, p.due_at,"
    " p.created_at, p.ended_at, p.erased, p.publication_on, p.course_url";

inline Query& OutProject(Query& query, Project& p) {
  return query.Out(p.id)
      .Out(p.number)
      .Out(p.call)
      .Out(p.definition)
      .Out(p.title)
      .Out(p.collection)
      .Out(p.holder)
      .Out(p.administration)
      .Out(p.siret)
      .Out(p.dossier)
      .Out(p.version)
      .Out(p.states)
      .Out(p.state)
      .Out(p.file_holder)
      .Out(p.since_at)
      .OutDue(p.due_at)
      .Out(p.created_at)
      .Out(p.ended_at)
      .Out(p.erased)
      .Out(p.publication_on)
      .Out(p.course_url);
}

}  // namespace aiguillage::storage
